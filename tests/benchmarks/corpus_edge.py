"""What else a folder of PDFs holds: each file through extraction, in a worker of its own.

``python tests/benchmarks/corpus_edge.py PDF`` prints one line of JSON; ``rows`` runs it for each
file, so that the peak memory is that file's worker's alone.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

from researchdesk.document.extraction import extract
from researchdesk.errors import DeskError

LONGEST, LARGEST = 30.0, 1024


def one(path: Path) -> dict[str, object]:
    """How the file came out; memory in MiB."""
    started = time.perf_counter()
    try:
        document = extract(path)
    except DeskError as error:
        found: dict[str, object] = {"problem": str(error), "blocks": 0, "sections": 0, "letters": 0}
    else:
        letters = sum(len(block.text) for block in document.blocks)
        found = {
            "problem": document.problem,
            "blocks": len(document.blocks),
            "sections": len(document.sections),
            "letters": letters,
        }
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {**found, "seconds": time.perf_counter() - started, "peak": peak}


def rows(folder: Path) -> tuple[list[str], list[str]]:
    """The table as lines, and what is wrong in words."""
    lines = [f"{'file':34}{'blocks':>7}{'sect.':>6}{'s':>6}{'MiB':>6}  said"]
    wrong = []
    for path in sorted(folder.glob("*.pdf")):
        command = [sys.executable, __file__, str(path)]
        reply = subprocess.run(command, capture_output=True, text=True, check=False)
        if reply.returncode:
            wrong.append(f"{path.name}: {reply.stderr.strip().splitlines()[-1:]}")
            continue
        found = json.loads(reply.stdout)
        lines.append(
            f"{path.name[:33]:34}{found['blocks']:7}{found['sections']:6}{found['seconds']:6.1f}"
            f"{found['peak']:6.0f}  {found['problem'][:60]}"
        )
        if not found["letters"] and not found["problem"]:
            wrong.append(f"{path.name}: neither text nor a word why")
        if found["seconds"] > LONGEST or found["peak"] > LARGEST:
            wrong.append(f"{path.name}: {found['seconds']:.0f} s, {found['peak']:.0f} MiB")
    return lines, wrong


if __name__ == "__main__":
    sys.stdout.write(json.dumps(one(Path(sys.argv[1]))) + "\n")
