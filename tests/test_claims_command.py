"""`roros verify --claims`, as another program calls it."""

import json
import subprocess
import sys
from pathlib import Path

TRAIN = "The easiest way to get to Ardal is by train, taking 2.5 hours from the nearest city of Stavern."
MILL = "The old mill was built in 1742 by Jon Aas and has not ground corn since 1960."


def verified(lines: bytes, *arguments: str) -> tuple[list[dict[str, object]], str, int]:
    """What `roros verify --claims -` says to these lines, to whom it complains, and its exit code."""
    command = [sys.executable, "-c", "from roros_assistant.ui.cli import main; main()", "verify", *arguments]
    ran = subprocess.run(command, input=lines, capture_output=True, check=False)
    return [json.loads(line) for line in ran.stdout.decode().splitlines()], ran.stderr.decode(), ran.returncode


def test_the_command_answers_every_line_in_order_and_a_bad_one_by_its_fault() -> None:
    lines = [
        {"id": "a", "claim": "The train takes three hours.", "references": [TRAIN]},
        {"id": 2, "claim": MILL, "references": [TRAIN, MILL], "label": "the writer's own field"},
        {"id": "c", "claim": MILL},
        {"id": "d", "references": [MILL]},
        {"id": "e", "claim": MILL, "references": [MILL, 5]},
        {"claim": MILL, "references": []},
    ]
    text = b"\n".join([*(json.dumps(line).encode() for line in lines), b"", b"no JSON"])
    records, complaints, code = verified(text, "--claims", "-")
    assert (complaints, code) == ("", 0)
    assert records[:2] == [
        {"id": "a", "supported": False, "score": 0.02, "reasons": ["the number three hours is not in the source"]},
        {"id": 2, "supported": True, "score": 0.99, "reasons": []},
    ]
    assert [(record["id"], str(record["error"]).partition(";")[0]) for record in records[2:5]] == [
        ("c", "line 3: the references are missing or are not a list of texts"),
        ("d", "line 4: the claim is missing or is not text"),
        ("e", "line 5: the references are missing or are not a list of texts"),
    ]
    assert records[5] == {"id": None, "supported": False, "score": 0.0, "reasons": ["no source is given"]}
    assert str(records[6]["error"]).startswith("line 8: not a JSON object")


def test_a_file_of_claims_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    missing = tmp_path / "claims.jsonl"
    said = (
        f"roros: {missing} cannot be read: No such file or directory. Name a file of claims, or - for standard input\n"
    )
    assert verified(b"", "--claims", str(missing)) == ([], said, 2)
