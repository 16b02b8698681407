# completion.bash - words for bash, asked of the command itself: nothing here has to be kept in step with it.
_kwit() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= words= i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
            --config | --state) ((i++)) ;;
            -*) ;;
            *) command=${COMP_WORDS[i]}; break ;;
        esac
    done
    if [ -z "$command" ]; then
        words="--config --state --help --version $(kwit --help | awk '/^  [a-z]/ { print $1 }')"
    elif [ "$before" = --profile ]; then
        words=$(kwit devices --profiles | awk '{ print $1 }')
    else
        case $word in
            -*) words=$(kwit "$command" --help | awk '/^  -/ { print $1 }') ;;
        esac
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o default -F _kwit kwit
