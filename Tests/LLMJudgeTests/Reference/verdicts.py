"""Reads texts of a model a second time, with Python's own JSON reader, and tells where the first
reading differs.

Lines of the file: the text in hexadecimal, a space, and the label that it was read as, in
hexadecimal too, or - for none. The labels that are allowed are the other arguments, in hexadecimal.
"""
import json
import sys


class Refused(Exception):
    pass


def pairs(members):
    names = [name for name, _ in members]
    if len(names) != len(set(names)):
        raise Refused
    return dict(members)


def refuse(_):
    raise Refused


def lonely(value):
    if isinstance(value, str):
        return any(0xD800 <= ord(character) <= 0xDFFF for character in value)
    if isinstance(value, dict):
        return any(lonely(name) or lonely(part) for name, part in value.items())
    if isinstance(value, list):
        return any(lonely(part) for part in value)
    return False


def label(content, labels):
    try:
        text = content.decode("utf-8", errors="strict")
        if text.startswith("\ufeff") or "\ufffd" in text:
            return None
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=refuse)
    except (Refused, ValueError, RecursionError):
        return None
    if type(value) is not dict or list(value) != ["verdict"]:
        return None
    verdict = value["verdict"]
    if type(verdict) is not str or lonely(verdict) or verdict not in labels:
        return None
    return verdict


def main():
    labels = {bytes.fromhex(text).decode() for text in sys.argv[2:]}
    count = accepted = 0
    for line in open(sys.argv[1], encoding="ascii"):
        content, found = line.split()
        expected = label(bytes.fromhex(content), labels)
        text = "-" if expected is None else expected.encode().hex()
        count += 1
        accepted += expected is not None
        if text != found:
            print("differs:", bytes.fromhex(content), "read as", found, "and not", text)
    print(f"{count} texts, {accepted} with a label")


main()
