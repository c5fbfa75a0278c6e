# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be said of a take: words it did not understand, hits that are not heard. No Blender here."""

from typing import Any, Dict, List


def said(take: Dict[str, Any]) -> str:
    """All of it, in one line; empty where all is well."""
    return " ".join(words for words in (unknown_words(take), unseen_hits(take)) if words)


def unknown_words(take: Dict[str, Any]) -> str:
    """One line: words of the prompt that the engine does not know, with the known ones that may be meant."""
    words = with_nearest(take)
    return "Unknown words: {}".format("; ".join(words)) if words else ""


def with_nearest(told: Dict[str, Any]) -> List[str]:
    """Each word that is not known, with those that may be meant."""
    near = told.get("near_words") or {}
    return [
        "{} (nearest: {})".format(word, ", ".join(near[word])) if near.get(word) else word
        for word in told.get("unknown_words") or ()
    ]


def unseen_hits(take: Dict[str, Any]) -> str:
    """One line: what would strike, where no impact is seen for which it could."""
    struck = (take.get("notes") or {}).get("hits", "none")
    cue = take.get("cue") or {}
    by_hand = cue.get("hits") is not None or cue.get("hit_list") is not None
    if struck == "none" or by_hand or take.get("impacts"):
        return ""
    return "No impact is seen, so {} is not heard: set markers, then Hits from Markers.".format(struck)
