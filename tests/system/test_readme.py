"""The README's partner program does what the page says, on the real stack."""

import json
import re
import subprocess
import sys
from pathlib import Path

from services.kit.ids import new_id
from tests.stack import RealStack

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "protos/examples/madang.partners.inbox.v1/kr.go.seoul.madang.partner.proposal-submitted.v1.json"


def madang(stack: RealStack, *arguments: str) -> str:
    command = [sys.executable, "-m", "services.cli", "--data", str(stack.data), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def test_the_program_of_ten_lines_sends_an_event_that_becomes_a_proposal(stack: RealStack, tmp_path: Path) -> None:
    program = re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)[0]
    event = json.loads(EXAMPLE.read_text(encoding="utf-8")) | {"id": f"readme-{new_id()}"}
    file = tmp_path / "event.json"
    file.write_text(json.dumps(event, ensure_ascii=False), encoding="utf-8")
    subprocess.run([sys.executable, "-c", program, stack.bootstrap, str(file)], check=True, timeout=60)
    madang(stack, "agenda", "wait")
    chain = json.loads(madang(stack, "events", "explain", event["id"], "--json"))
    assert "kr.go.seoul.madang.proposal.received.v1" in json.dumps(chain)
