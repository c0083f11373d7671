"""Checks what `petrel audit proof` wrote; for `verify.py proof FILE`. Needs no log and no Petrel."""
import json
from base64 import b64decode

from verify import H, checkpoints_in, has_signed, leaf


def climb(place, last, start, path):
    """The roots of the old and the new tree (RFC 9162 §2.1.3.2, §2.1.4.2); None if the path does not fit."""
    old = new = start
    for digest in path:
        if last == 0:
            return None, None
        if place & 1 or place == last:
            old, new = H(b"\1", digest, old), H(b"\1", digest, new)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            new = H(b"\1", new, digest)
        place, last = place >> 1, last >> 1
    return (old, new) if last == 0 else (None, None)


def row_problems(proof, note, path):
    row, wrong = proof["row"], []
    seq, sealed = row["seq"], [bytes.fromhex(text) for text in row["sealed"]]
    digest = leaf(
        proof["shard"], seq, row["epoch"], row["at"], row["case"], row["kind"].encode(), row["version"],
        row["body"].encode(), b"".join(sealed), bytes.fromhex(proof["previous"]))
    if not 1 <= seq <= note[1] or digest is None or climb(seq - 1, note[1] - 1, digest, path)[1] != note[2]:
        wrong.append(f"row {seq} is not in the tree of checkpoint {note[1]}")
    for part in proof["disclosed"]:
        opened = H(b"\2", bytes.fromhex(part["salt"]), bytes([part["codec"]]), b64decode(part["plaintext"]))
        if opened != sealed[part["i"]]:
            wrong.append(f"payload {seq}.{part['i']} is not what the row sealed")
    return wrong


def prefix_problems(old, new, path):
    (_, small, before, _), (_, large, after, _) = old, new
    if small == large and before == after and not path:
        return []
    hashes = ([before] if small & (small - 1) == 0 else []) + path
    place, last = small - 1, large - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    if 0 < small < large and hashes and climb(place, last, hashes[0], hashes[1:]) == (before, after):
        return []
    return [f"checkpoint {small} is not the beginning of checkpoint {large}"]


def check(file, key):
    """Prints what holds or what does not; 0 or 1."""
    with open(file, encoding="utf-8") as opened:
        proof = json.load(opened)
    notes = [checkpoints_in(text)[0] for text in proof["checkpoints"]]
    path = [b64decode(text) for text in proof["path"]]
    keys = [key] if key else proof["keys"]
    wrong = [
        f"checkpoint {note[1]} is not signed with {' or '.join(keys)}" for note in notes
        if note[0] != proof["origin"] or not any(has_signed(one, note) for one in keys)]
    if "row" in proof:
        wrong += row_problems(proof, notes[0], path)
        holds = f"row {proof['row']['seq']} is in the log {proof['origin']}, of {notes[0][1]} rows"
    else:
        wrong += prefix_problems(*notes, path)
        holds = f"the {notes[0][1]} rows of the first checkpoint are the beginning of the {notes[1][1]} of the second"
    for text in wrong:
        print(f"BROKEN: {text}")
    if not wrong:
        print(f"HOLDS: {holds}; signed with {' or '.join(keys)}")
    return 1 if wrong else 0
