# Prints what fish's completion of lines offers, a match a line, and "end" behind each line's.
# usage: fish --no-config complete.fish FOLDER LINE ...; FOLDER has _exeunt in it.
source $argv[1]/_exeunt
for line in $argv[2..-1]
    complete -C $line
    echo end
end
