#!/usr/bin/env python3
"""Verifies a Petrel log, or a proof out of one, without Petrel: Python's standard library is enough.

    verify.py FILE [--since NOTES]... [--key KEY]   a log's file or a copy; anchors, signed notes or service logs
    verify.py proof FILE [--key KEY]                what `petrel audit proof` wrote (proof.py stands beside)
Exit code: 0 nothing is wrong, 1 BROKEN, 69 something needed is not here."""
import argparse, base64, functools, hashlib, itertools, json, math, os, re, sqlite3, struct, sys, urllib.parse
KINDS = set("""caseOpened startJoined caseClosed caseMigrated fired verdictRequested callRecorded verdictRecorded firingStarted attemptFailed firingCompleted
lateOutcomeRecorded childStarted childEnded firingSettled taskOffered taskClaimed taskReleased taskWithdrawn taskAnswered tokenDeposited messageRepeated
messageExpired tokensWithdrawn placeFilled waitsSet scheduleSet scheduleFired scheduleSkipped incidentRaised incidentResolved paused resumed labelRecorded
commandRefused commandQuarantined definitionRegistered definitionActivated ownerStarted requestSlotOpened requestSlotClosed erasureRequested erasureCompleted
keysRotated payloadsExpired logPruned snapshotTaken signingKeyChanged restored tokenSent tokenReceived""".split())
SCHEMA = "7ee2d27a5ac941e38de584b46caf32d279a49376ed7436efad17b3accee932f1"  # SHA-256 of the file's CREATE statements, sorted, each with its name and line ends
P, ORDER, b64 = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493, base64.b64decode  # Ed25519, RFC 8032 §5.1
D, H = -121665 * pow(121666, P - 2, P) % P, lambda *parts: hashlib.sha256(b"".join(parts)).digest()

def plus(p, q):
    a, b, c, d = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0]), 2 * p[3] * q[3] * D, 2 * p[2] * q[2]
    return (b - a) * (d - c) % P, (d + c) * (b + a) % P, (d - c) * (d + c) % P, (b - a) * (b + a) % P
def point(data):
    y = int.from_bytes(data, "little") & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or y >= P: raise ValueError("not a point of the curve")
    return (x := x if x & 1 == data[31] >> 7 else P - x), y, 1, x * y % P
def is_signed(public, message, signature):
    s = int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    (x, y, _, t), total, base = point(public), (0, 1, 1, 0), point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    picks = None, base, (P - x, y, 1, P - t), plus(base, (P - x, y, 1, P - t))
    for bit in range(252, -1, -1):  # s·base − k·public, which must be the point that the signature begins with
        total, pick = plus(total, total), picks[(s >> bit & 1) + 2 * (k >> bit & 1)]
        total = plus(total, pick) if pick else total
    z = pow(total[2], P - 2, P)
    return s < ORDER and (total[1] * z % P | (total[0] * z % P & 1) << 255).to_bytes(32, "little") == signature[:32]
def has_signed(key, note):  # key: NAME+ID+BASE64; note: as checkpoints_in gives it
    (origin, size, root, signatures), (name, digits, public) = note, key.split("+", 2)
    text, identity = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode(), H(name.encode(), b"\n", b64(public))[:4]
    return (name, digits) == (origin, identity.hex()) and any(s[:4] == identity and is_signed(b64(public)[1:], text, s[4:]) for s in signatures)
def checkpoints_in(text):  # signed notes, and lines `checkpoint ORIGIN SIZE ROOT SIGNATURE…`, with anything around them
    note, line = r"^(\S+)\n(\d+)\n(\S{44})\n\n((?:— \S+ \S{92}\n?)+)", r"checkpoint (\S+) (\d+) (\S{44})((?: \S{92}(?!\S))+)"
    return [(origin, int(size), b64(root), [b64(s) for s in re.findall(r" (\S{92})(?!\S)", rest)])
            for origin, size, root, rest in re.findall(note, text, re.M) + re.findall(line, text)]
def leaf(shard, seq, epoch, at, case, kind, version, body, sealed, previous):
    try: return case != 0 and H(struct.pack(">BBIQIqqHB", 0, 1, shard, seq, epoch, at, case or 0, version, len(kind)), kind, previous,
                                struct.pack(">H", len(sealed) // 32), sealed, struct.pack(">I", len(body)), body)
    except struct.error: return None  # a number that has no room in a leaf
def push(tree, size, level, digest):  # a subtree of 2^level leaves at the end of the tree, RFC 6962 §2.1
    size += 1 << level
    while tree and tree[-1][0] == level and not size & ((2 << level) - 1): digest, level = H(b"\1", tree.pop()[1], digest), level + 1
    tree.append((level, digest))
    return size
def root_of(tree): return functools.reduce(lambda right, left: H(b"\1", left[1], right), tree[-2::-1], tree[-1][1])
def more(items): return f" (and {len(items) - 1} more)" * (len(items) > 1)

def read(db, origin, shard, sizes, find):  # all rows in order: hashes, references, times, kinds; the roots of the sizes asked for
    tree, size, head, roots, shapes, noted, bad, missing, references = [], 0, 0, {0: H()}, {}, [], [], [], []
    pruned, moment, previous = [], (-math.inf, -math.inf), H(b"petrel/log/1\n", origin.encode())
    runs = list(db.execute("SELECT first_seq, last_seq, subtrees, last_hash, by_seq FROM pruned ORDER BY 1"))
    for row in itertools.chain(db.execute("SELECT seq, epoch, at, case_no, kind, version, body, sealed, hash FROM log ORDER BY seq"), [None]):
        while runs and (row is None or runs[0][0] < row[0]):
            first, last, subtrees, previous, by = runs.pop(0)
            missing, start, whole = missing + [(head + 1, first - 1)] * (first > head + 1), first - 1, size == first - 1
            head, pruned = last, pruned + [(first, last, by)]
            for i in range(0, len(subtrees), 32):  # each the greatest that is aligned and fits
                level = max(min((start & -start).bit_length() - 1 if start else 62, (last - start).bit_length() - 1), 0)
                size, start = push(tree, size, level, subtrees[i:i + 32]) if whole else size, start + (1 << level)
            if start != last: find(first, f"the subtrees of the pruned rows {first}…{last} are not those it takes")
            elif whole: roots[last] = root_of(tree)
        if row is None: break
        seq, epoch, at, _, kind, version, body, sealed, digest = row
        if seq > head + 1: missing, previous = missing + [(head + 1, seq - 1)], None
        head, before, previous, name = seq, previous, digest, kind.decode()
        if size == seq - 1 and (size := push(tree, size, 0, digest)) in sizes: roots[seq] = root_of(tree)
        if before and leaf(shard, *row[:8], before) != digest: bad.append(seq); continue
        for what, was, now in zip(("epoch", "time"), moment, (epoch, at)): now < was and find(seq, f"row {seq}: {what} falls")
        if name not in KINDS or version != 1: find(seq, f"row {seq} is of unknown kind {name}, version {version}")
        if name in ("signingKeyChanged", "restored", "logPruned", "definitionRegistered"): noted.append((seq, name, json.loads(body)))
        moment, tokens = (epoch, at), json.loads(body).get("tokens", []) if b'"tokens":' in body else []
        shapes[seq] = sum(1 << i for i, t in enumerate(tokens) if "value" in t) << 16 | len(sealed) // 32
        references += [(seq, "token", *map(int, t["same"].split("."))) for t in tokens if "same" in t]
        references += [(seq, "payload", int(s), int(i)) for s, i in re.findall(rb'"~":"(\d{1,16})\.(\d{1,16})"', body)]
    for _, span in itertools.groupby(enumerate(bad), lambda pair: pair[1] - pair[0]):
        a, b = min(span := [row for _, row in span]), max(span)
        find(a, f"row {a} does not match its hash" if a == b else f"rows {a}…{b} do not match their hashes")
    for first, last in missing: find(first, f"rows {first}…{last} missing")
    for row, what, seq, i in references:
        has = seq not in shapes or (shapes[seq] >> 16 >> i & 1 if what == "token" else i < shapes[seq] & 0xFFFF)
        if seq < 1 or seq > row or seq == row and what == "token" or not has:
            find(row, f"row {row} names {what} {seq}.{i}, which no row {'wrote' if what == 'token' else 'has'}")
    return head, roots, pruned, lambda kind: {seq: body for seq, name, body in noted if name == kind}
def meant(kind, text):  # the hash under which a definition's text is registered
    if kind != b"workflow": return H(b"petrel/guard/1\0" * (kind == b"guard"), text)
    try: return H(b"petrel/net/1\0", text.partition(b',"text":"')[0], b"}") if H((whole := json.loads(text))["text"].encode()).hex() == whole["hash"] else b""
    except (ValueError, LookupError, TypeError, AttributeError): return b""  # no workflow's text
def beside(db, of, pruned, archive, find):  # schema, definitions, pruned runs; an archive leaves out what is not of its rows
    schema = db.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND substr(name,1,7)<>'sqlite_'")
    if H(*[n + b"\n" + s + b"\n" for n, s in sorted(schema)]).hex() != SCHEMA: find(0, "the schema is not that of the log's format")
    stored = {seq: (d, n) for seq, d, n, k, t in db.execute("SELECT seq, hash, name, kind, text FROM definition") if meant(k, t) == d}
    for seq, b in of("definitionRegistered").items():
        if stored.get(seq) != (bytes.fromhex(b["hash"]), b["name"].encode()): find(seq, f"definition {seq} is not the text that was registered")
    for first, last, by in pruned:
        event = of("logPruned").get(by)
        if not (event and by > last and event["first"] <= first and event["last"] >= last or last < archive[0] or first > archive[1]): find(first, f"rows {first}…{last} were pruned without an event")
def compare(origin, key, head, roots, of, stored, anchors, archive, find):  # gives the size of the greatest anchor that is in the log
    changes, beyond, different, unsigned, confirmed = [], [], [], [], 0
    for seq, body in of("signingKeyChanged").items():
        if body["old"] != (changes[-1][2] if changes else key): find(seq, f"row {seq} replaces a signing key that is not in force")
        changes.append((seq, body["old"], body["new"]))
    for size, root, note in stored:
        count = sum(seq <= size for seq, _, _ in changes)
        wanted, confirmed = [old for _, old, _ in changes[confirmed:count]] + [changes[count - 1][2] if count else key], count
        note = [n for n in checkpoints_in(note.decode()) if n[:3] == (origin, size, root)]
        if key and not (note and all(has_signed(k, note[0]) for k in wanted)): unsigned.append(size)
        (beyond if size > head else different if roots.get(size, root) != root else []).append(size)
    for sizes, what in (beyond, f"lies beyond row {head}"), (different, "does not match the rows before it"), (unsigned, "is not signed with the log's key"):
        if sizes: find(sizes[0], f"checkpoint {sizes[0]}{more(sizes)} {what}")
    given = [(int(b["anchor"].split()[0]) - b["lost"], int(b["anchor"].split()[0])) for b in of("restored").values()]
    good = [size for size, root in anchors if roots.get(size) == root]
    wrong = [s for s, root in anchors if roots.get(s) != root and not any(x < s <= y for x, y in given)]
    cut, other = [s for s in wrong if s > head and archive[1] >> 62], [s for s in wrong if s in roots]
    if cut: find(cut[0], f"the tail was cut: anchor {cut[0]}{more(cut)} lies beyond row {head}")
    start = max([size for size in good if other and size < other[0]], default=0) + 1
    if other: find(start, f"rows {start}…{other[0]} were rewritten: anchor {other[0]}{more(other)} does not match them")
    return max(good, default=0)
def verify(path, key, texts, findings):
    db = sqlite3.connect(f"file:{urllib.parse.quote(path)}?" + ("mode=ro" if os.path.exists(path + "-wal") else "immutable=1"), uri=True)
    db.text_factory = bytes
    meta, find = dict(db.execute("SELECT name, value FROM meta")), lambda row, text: findings.append((row, len(text.encode()), text.encode()))
    origin, key = meta[b"origin"].decode(), key or meta.get(b"verifier_key", b"").decode()
    archive, anchors = tuple(map(int, meta.get(b"archive", b"0..%d" % (1 << 62)).split(b".."))), sorted({(size, root) for text in texts for o, size, root, _ in checkpoints_in(text) if o == origin})
    stored = list(db.execute("SELECT size, root, note FROM checkpoint ORDER BY size"))
    head, roots, pruned, of = read(db, origin, meta[b"shard"], {s for s, *_ in anchors + stored}, find)
    _, anchored = beside(db, of, pruned, archive, find), compare(origin, key, head, roots, of, stored, anchors, archive, find)
    for seq, body in of("restored").items(): print(f"restored at row {seq}: {body['lost']} rows were lost")
    for _, _, text in sorted(findings): print(f"BROKEN: {text.decode()}")
    if b"archive" in meta: print("ARCHIVE of rows %d to %d: what stood before and behind is not here" % archive)
    if not anchors: print("COULD NOT CHECK the anchors: there are none; a cut or rewritten tail would not be seen")
    if not key: print("COULD NOT CHECK the signatures: no verifier key")
    if not findings: print(f"VERIFIED up to #{anchored}, " * (anchored > 0) + f"CONSISTENT up to #{head}; key {key or 'unknown'}")
    return 1 if findings else 0 if anchors and key else 69
if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="+"), parser.add_argument("--since", action="append", default=[]), parser.add_argument("--key", default="")
    options, findings = parser.parse_args(), []
    if options.file[0] == "proof": sys.exit(__import__("proof").check(options.file[1], options.key))
    given = options.since + [p for p in [os.path.join(os.path.dirname(options.file[0]), "petrel.anchors")] if os.path.exists(p)]
    try: sys.exit(verify(options.file[0], options.key, [open(name, encoding="utf-8", errors="replace").read() for name in given], findings))
    except (ValueError, LookupError, TypeError, AttributeError, sqlite3.Error) as problem: sys.exit(print(f"BROKEN: what the file holds cannot be read: {problem!r}") or 1)
