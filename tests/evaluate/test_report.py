"""The evaluation as a person runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bot.evaluate.baselines import keywords, merged_by_title, opening
from bot.evaluate.judge import judge, merged
from bot.evaluate.learnt import tfidf
from bot.evaluate.report import mistakes, report
from bot.evaluate.samples import load

ROWS = [
    {
        "id": "one",
        "title": "Acme Health partners with Globex Cloud on AI for clinics",
        "text": "Acme Health and Globex Cloud signed a five-year partnership. They will build AI for clinics.",
        "label": True,
        "kind": "co_development",
        "status": "announced",
        "parties": ["Acme Health", "Globex Cloud"],
        "term": "5 years",
        "key_facts": ["five-year partnership"],
        "cluster": "acme",
        "published": "2024-05-02",
    },
    {
        "id": "two",
        "title": "Acme Health partners with Globex Cloud on artificial intelligence",
        "text": "",
        "title_only": True,
        "label": True,
        "kind": "licensing",
        "status": "announced",
        "parties": ["Acme Health", "Globex Cloud"],
        "cluster": "acme",
        "published": "2024-05-03",
    },
    {"id": "three", "title": "Acme Health names a finance chief", "text": "She starts in May.", "label": False},
]


def rows(folder: Path) -> Path:
    path = folder / "posts.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    return path


def test_the_table_has_a_column_a_register_and_the_baselines_beside(tmp_path: Path) -> None:
    table = report(judge(load([rows(tmp_path)]))).splitlines()

    assert table[0].split() == ["trade", "news", "title", "only", "macro", "all", "sure"]
    assert next(line for line in table if line.startswith("posts")).split() == ["posts", "2", "1", "-", "3", "3"]
    assert any(line.startswith("unsupported") and line.split()[-1] == "0" for line in table)
    assert any(line.startswith("title keywords: F1") for line in table)
    assert any("skipped: needs scikit-learn" in line for line in table)


def test_a_mistake_is_told_with_its_title(tmp_path: Path) -> None:
    told = [line for line in mistakes(judge(load([rows(tmp_path)]))) if "for licensing" in line]

    assert len(told) == 1
    assert str(ROWS[1]["title"]) in told[0]


def test_the_tellings_of_a_deal_are_one_group(tmp_path: Path) -> None:
    samples = load([rows(tmp_path)])

    assert len(set(merged(judge(samples)).values())) == 1
    assert len(set(merged_by_title(samples).values())) == 1


def test_the_baselines_are_what_they_are_called(tmp_path: Path) -> None:
    samples = load([rows(tmp_path)])

    assert keywords(samples) == [True, True, False]
    assert opening(samples[0]).endswith("They will build AI for clinics.")
    assert opening(samples[1]) == ROWS[1]["title"]


def test_the_learnt_baseline_needs_deals_to_learn_from(tmp_path: Path) -> None:
    assert tfidf(load([rows(tmp_path)])) is None


def many(folder: Path) -> Path:
    firms = ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ivy", "Juniper", "Larch", "Maple"]
    deals = [
        {"id": f"d{name}", "title": f"{name} Health partners with Globex", "text": "They sign.", "label": True}
        for name in firms
    ]
    others = [
        {"id": f"n{name}", "title": f"{name} Health names a chief", "text": "She starts.", "label": False}
        for name in firms
    ]
    path = folder / "many.jsonl"
    path.write_text("\n".join(map(json.dumps, deals + others)), encoding="utf-8")
    return path


def test_the_learnt_baseline_learns_what_words_tell(tmp_path: Path) -> None:
    samples = load([many(tmp_path)])

    assert tfidf(samples) == [sample.label.deal for sample in samples]


def test_without_scikit_learn_the_learnt_baseline_is_skipped(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['sklearn'] = None; sys.argv = ['pactwire', 'evaluate', sys.argv[1]]; "
        "from bot.cli import main; main()"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(many(tmp_path))], capture_output=True, text=True, check=False
    )

    assert (run.returncode, run.stderr) == (0, "")
    assert "TF-IDF and LR: skipped: needs scikit-learn" in run.stdout


def test_tellings_kept_apart_are_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "apart.jsonl"
    rows_ = [ROWS[0], {**ROWS[0], "id": "late", "published": "2029-01-01"}]
    path.write_text("\n".join(map(json.dumps, rows_)), encoding="utf-8")

    assert any(line.startswith("merging two deals of one") for line in mistakes(judge(load([path]))))


def test_the_command_prints_the_table_and_a_fault_in_a_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "evaluate"]
    fine = subprocess.run([*command, str(rows(tmp_path)), "--errors"], capture_output=True, text=True, check=False)
    missing = subprocess.run([*command, str(tmp_path / "no.jsonl")], capture_output=True, text=True, check=False)

    assert (fine.returncode, fine.stderr) == (0, "")
    assert "detection F1" in fine.stdout
    assert missing.returncode == 1
    assert "cannot be read" in missing.stderr
    assert "Traceback" not in missing.stderr
