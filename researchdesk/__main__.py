"""``python -m researchdesk``."""

from researchdesk.cli.main import main

if __name__ == "__main__":
    main()
