# Prints what bash's completion of lines offers, a match a line, and "end" behind each line's.
# usage: bash --norc complete.bash FOLDER LINE ...; FOLDER has _exeunt in it.
source "$1/_exeunt"
for line in "${@:2}"; do
    # Take the line apart as bash does: at spaces, and at the "=" of COMP_WORDBREAKS, which is a word of its own.
    read -ra COMP_WORDS <<<"${line//=/ = }"
    [[ $line == *\  ]] && COMP_WORDS+=('')
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _exeunt
    ((${#COMPREPLY[@]})) && printf '%s\n' "${COMPREPLY[@]}"
    echo end
done
