# Types lines into a zsh of its own, presses TAB, and prints what its completion adds, a match a line, and "end" behind
# each line's.
# usage: zsh -f complete.zsh FOLDER LINE ...; FOLDER has _exeunt in it.
zmodload zsh/zpty
zpty z zsh -f -i
# Read until the shell prints a word that it was not told to echo.
read_until() {
    local chunk text
    while zpty -r z chunk; do
        text+=$chunk
        [[ $text == *$1* ]] && break
    done
    print -rn -- $text
}
zpty -w z "PS1= PS2= RPS1=; stty -echo; fpath=(${(q)1} \$fpath)"
zpty -w z 'autoload -Uz compinit && compinit -u -D; zstyle ":completion:*" verbose no; unset zle_bracketed_paste; bindkey "^I" complete-word'
# Every match goes through compadd; those that -O, -A or -D only ask about are none yet.
zpty -w z 'compadd() {
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
    local -a hits
    builtin compadd -A hits "$@"
    print -rl -- "match:"${^hits}
    builtin compadd "$@"
}'
# ^T says that the completion is over, and empties the line.
zpty -w z 'finish() { print "done:"; BUFFER= }; zle -N finish; bindkey "^T" finish; print -r -- re""ady:'
read_until ready: >/dev/null
for line in "${@:2}"; do
    zpty -w -n z "$line"$'\t\x14'
    read_until done: | tr -d '\r' | sed -n 's/^.*match://p'
    print end
done
zpty -d z
