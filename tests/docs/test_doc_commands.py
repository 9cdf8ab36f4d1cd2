"""Commands of the documentation: the project's own parser reads each, and their options exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from command_lines import options, settings_of
from pages import PROJECT, WRITTEN, Block, blocks, commands, name, prose

# what other programs call their options, where a sentence names them by themselves
OTHERS = {
    "--workers",
    "--python",
    "--wheel",
    "--properties-file",
    "--py-files",
    "--archives",
    "-m",
    "--cutoff",
}
PROGRAMS = {
    "bash",
    "aws",
    "databricks",
    "docker",
    "kubectl",
    "pip",
    "pip-audit",
    "python",
    "python3",
    "spark-submit",
}


def own(words: list[str]) -> list[str] | None:
    """Return the words after `redpajama`, or of `spark-submit jobs/JOB.py`; None for others."""
    if words[0] == "redpajama":
        return words[1:]
    if words[0] == "spark-submit":
        (job,) = (i for i, word in enumerate(words) if re.fullmatch(r"jobs/\w+\.py", word))
        assert (PROJECT / words[job]).is_file()
        return [Path(words[job]).stem.replace("_", "-"), *words[job + 1 :]]
    return None


@pytest.mark.parametrize("block", blocks("bash"), ids=str)
def test_the_parser_reads_each_command(block: Block) -> None:
    found = list(commands(block))
    assert found
    for words in found:
        ours = own(words)
        if ours is not None and ours != ["--help"]:
            settings_of(ours)
        if words[0] in ("bash", "python", "python3"):
            assert (PROJECT / words[1]).is_file(), words[1]


@pytest.mark.parametrize("block", blocks("text"), ids=str)
def test_the_parser_reads_each_command_before_an_output(block: Block) -> None:
    for line in re.findall(r"(?m)^\$ redpajama (.*)$", block.text):
        settings_of(shlex.split(line))


@pytest.mark.parametrize("page", WRITTEN, ids=name)
def test_options_in_a_sentence_exist(page: Path) -> None:
    every = set().union(*options().values(), OTHERS)
    for code in re.findall(r"`([^`]+)`", prose(page)):
        words = code.replace("...", " ").split()
        if not words or words[0] in PROGRAMS:
            continue
        named = {re.sub(r"[^-\w].*", "", word) for word in words if re.match(r"--?[a-z]", word)}
        if words[0] == "redpajama":
            del words[0]
            if not words or words[0] in ("JOB", "--help"):
                continue
            assert words[0] in options(), code
        job = next((job for job in (" ".join(words[:2]), words[0]) if job in options()), None)
        assert named <= (options()[job] if job else every), code
