"""``python -m researchdesk``."""

from researchdesk.cli.start import main

if __name__ == "__main__":
    main()
