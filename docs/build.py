"""The reference for authors of recipes, from the docstrings: ``python docs/build.py [FOLDER]``."""

import sys
from pathlib import Path

import pdoc
from pdoc import render

HERE = Path(__file__).parent
MODULES = (
    "researchdesk.harness.training.run",
    "researchdesk.harness.training.experiment",
    "researchdesk.harness.training.datasets",
    "researchdesk.domain.recipes",
    "researchdesk.domain.seeding",
    "researchdesk.harness.statistics.means",
    "researchdesk.harness.statistics.proportions",
    "researchdesk.harness.statistics.multiplicity",
)
"""What ``experiment.py`` uses, what ``recipe.toml`` is read into, and what verdicts stand on."""


def main() -> None:
    folder = Path(sys.argv[1]) if sys.argv[1:] else HERE.parent / "site"
    render.configure(
        docformat="restructuredtext",
        template_directory=HERE / "templates",
        include_undocumented=False,
        show_source=False,
        search=False,
    )
    render.env.globals["guide"] = (HERE / "recipes.md").read_text("utf-8")
    pdoc.pdoc(*MODULES, output_directory=folder)
    print(folder / "index.html")


if __name__ == "__main__":
    main()
