"""Makes promises.json: what each profile makes of the five texts here.

A second encoder, written apart from the one under test and slowly, from other
tables: the WHATWG indexes and Python's own codec for JIS X 0213. Run it in
this folder with the folder of index-jis0208.txt and index-jis0212.txt.
"""

import base64
import json
import re
import sys
import unicodedata
from pathlib import Path

SIX = dict(zip("〜‖−¢£¬", "～∥－￠￡￢"))
KATAKANA = dict(
    zip(
        (chr(c) for c in range(0xFF61, 0xFFA0)),
        "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノ"
        "ハヒフヘホマミムメモヤユヨラリルレロワン゛゜",
    )
)
MARKS = {"ﾞ": "\u3099", "ﾟ": "\u309a"}
ESCAPES = {"ascii": "(B", "roman": "(J", "0208": "$B", "0212": "$(D", "plane1": "$(Q", "plane2": "$(P"}


def index(path):
    """The first octets of each character of an index."""
    cells = {}
    for pointer, point in re.findall(r"^\s*(\d+)\t0x([0-9A-F]+)\t", path.read_text("utf-8"), re.M):
        if int(pointer) < 94 * 94:
            row, cell = divmod(int(pointer), 94)
            cells.setdefault(chr(int(point, 16)), bytes([row + 0x21, cell + 0x21]))
    return cells


def jisx0213(character):
    """The set and the octets that Python writes in JIS X 0213."""
    try:
        octets = character.encode("iso2022_jp_2004")
    except UnicodeEncodeError:
        return None
    found = re.fullmatch(rb"\x1b\$\(([QP])(..)\x1b\(B", octets, re.S)
    return found and ("plane1" if found[1] == b"Q" else "plane2", found[2])


def lookup(profile, character, tables):
    """The set and the octets of a character, or of two that have one cell."""
    if len(character) == 1 and ord(character) < 0x80:
        return "ascii", character.encode()
    if character in "¥‾":
        return "roman", b"\\" if character == "¥" else b"~"
    octets = tables["0208"].get(SIX.get(character, character))
    if octets and (profile == "ms" or not (octets[0] == 0x2D or octets[0] >= 0x79)):
        return "0208", octets
    if profile == "jis0212" and character in tables["0212"]:
        return "0212", tables["0212"][character]
    return jisx0213(character) if profile == "jis2004" else None


def pieces(profile, text, tables):
    """What is looked up, where it stands in the text, and how many code points of the text it is."""
    at = 0
    while at < len(text):
        one, two = text[at], text[at : at + 2]
        if one in KATAKANA:
            full = KATAKANA[one]
            both = unicodedata.normalize("NFC", full + MARKS[two[1]]) if two[1:] in ("ﾞ", "ﾟ") else full
            if both != full and lookup(profile, both, tables):
                yield both, at, 2
                at += 2
                continue
            yield full, at, 1
        elif len(two) == 2 and unicodedata.combining(two[1]) + (two[1] in "˩˥") and lookup(profile, two, tables):
            yield two, at, 2
            at += 2
            continue
        else:
            yield one, at, 1
        at += 1


def promise(profile, text, tables):
    state, octets, reads, unmappable = "ascii", b"", "", []
    for piece, at, length in pieces(profile, text, tables):
        found = lookup(profile, piece, tables)
        if found is None:
            unmappable.append([text[at : at + length], len(text[:at].encode("utf-16-le")) // 2])
            piece = "〓"
            found = "0208", b"\x22\x2e"
        wanted, code = found
        if state == "roman" and wanted == "ascii" and piece not in "\\~\r\n":
            wanted = "roman"
        if wanted != state:
            octets += b"\x1b" + ESCAPES[wanted].encode()
            state = wanted
        octets += code
        reads += SIX.get(piece, piece)
    if state != "ascii":
        octets += b"\x1b(B"
    return {"unmappable": unmappable, "octets": base64.b64encode(octets).decode(), "reads": reads}


def main():
    folder = Path(sys.argv[1])
    tables = {name: index(folder / f"index-jis{name}.txt") for name in ("0208", "0212")}
    promises = {}
    for path in sorted(Path(".").glob("*.txt")):
        text = path.read_bytes().decode()
        promises[path.stem] = {
            profile: promise(profile, text, tables) for profile in ("strict", "ms", "jis0212", "jis2004")
        }
    Path("promises.json").write_text(json.dumps(promises, ensure_ascii=False, indent=2) + "\n", "utf-8")


main()
