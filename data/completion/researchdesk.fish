# Completion of researchdesk for fish.
function __researchdesk_complete
    set -l typed (commandline --cut-at-cursor --current-process | string collect)
    for found in (env _RESEARCHDESK_COMPLETE=fish RESEARCHDESK_LINE=$typed researchdesk 2>/dev/null)
        switch $found
            case ':files*'
                __fish_complete_path (commandline --current-token)
            case ':folders*'
                __fish_complete_directories (commandline --current-token)
            case '*'
                printf '%s\n' $found
        end
    end
end
complete --command researchdesk --no-files --keep-order --arguments '(__researchdesk_complete)'
