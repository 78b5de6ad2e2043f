#compdef researchdesk
# Completion of researchdesk for zsh.
_researchdesk() {
    local value rest
    local -a found
    while IFS=$'\t' read -r value rest; do
        case $value in
            :files) _files; return ;;
            :folders) _files -/; return ;;
            *) found+=("${value//:/\\:}:$rest") ;;
        esac
    done < <(_RESEARCHDESK_COMPLETE=zsh RESEARCHDESK_LINE="${(j: :)words[1,CURRENT]}" ${(Q)words[1]} 2>/dev/null)
    _describe -V researchdesk found
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _researchdesk "$@"
else
    compdef _researchdesk researchdesk
fi
