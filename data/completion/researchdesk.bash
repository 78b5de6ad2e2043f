# Completion of researchdesk for bash.
_researchdesk() {
    local value rest
    COMPREPLY=()
    while IFS=$'\t' read -r value rest; do
        case $value in
            :files) compopt -o default 2>/dev/null ;;
            :folders) compopt -o dirnames 2>/dev/null ;;
            *:) COMPREPLY+=("$value"); compopt -o nospace 2>/dev/null ;;
            *) COMPREPLY+=("$value") ;;
        esac
    done < <(_RESEARCHDESK_COMPLETE=bash RESEARCHDESK_LINE="${COMP_LINE:0:COMP_POINT}" "$1" 2>/dev/null)
}
complete -o nosort -F _researchdesk researchdesk 2>/dev/null || complete -F _researchdesk researchdesk
