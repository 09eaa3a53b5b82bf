"""Branching Scenario files that tests make: as small as H5P lets them be."""

import io
import json
import zipfile

ABOUT = {
    "title": "A loud phone",
    "language": "en",
    "mainLibrary": "H5P.BranchingScenario",
    "license": "U",
    "preloadedDependencies": [{"machineName": "H5P.BranchingScenario", "majorVersion": 1, "minorVersion": 8}],
}


def zipped(entries, compression=zipfile.ZIP_DEFLATED):
    """A zip of (name, bytes) pairs."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return file.getvalue()


def h5p(scenario, about=ABOUT, folder="", compression=zipfile.ZIP_DEFLATED):
    """An .h5p file of this branchingScenario."""
    content = json.dumps({"branchingScenario": scenario})
    entries = [(f"{folder}h5p.json", json.dumps(about)), (f"{folder}content/content.json", content)]
    return zipped(entries, compression)


def text(html, to=None, title="", **node):
    kind = {
        "library": "H5P.AdvancedText 1.1",
        "params": {"text": html},
        "metadata": {"title": title or "Untitled Text"},
    }
    return {"type": kind, **({} if to is None else {"nextContentId": to}), **node}


def question(html, *alternatives, title=""):
    params = {"branchingQuestion": {"question": html, "alternatives": list(alternatives)}}
    kind = {"library": "H5P.BranchingQuestion 1.0", "params": params, "metadata": {"title": title}}
    return {"type": kind}


def way(words, to=-1, **feedback):
    return {"text": words, "nextContentId": to, "feedback": feedback}


def other(library, params=None, to=-1, title=""):
    return {"type": {"library": library, "params": params or {}, "metadata": {"title": title}}, "nextContentId": to}


def end(title="", subtitle="", score=None, place=-1):
    screen = {"endScreenTitle": title, "endScreenSubtitle": subtitle, "contentId": place}
    return screen if score is None else screen | {"endScreenScore": score}


def scenario(*content, **fields):
    return {
        "content": list(content),
        "startScreen": {"startScreenTitle": "A loud phone", "startScreenSubtitle": "<p>You are at the desk.</p>"},
        "endScreens": [end("The end", "<p>That was it.</p>")],
        "scoringOptionGroup": {"scoringOption": "static-end-score"},
        "l10n": {"proceedButtonText": "Go on"},
        **fields,
    }
