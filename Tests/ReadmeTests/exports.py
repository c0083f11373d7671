"""Holds what `petrel audit export` wrote against the log: exports.py DATABASE XES OCEL [pm4py].

With pm4py both files are read by it too. Prints what differs; exit code 1 if anything does."""
import datetime
import json
import sqlite3
import sys
import xml.etree.ElementTree as tree


def moment(text):
    return datetime.datetime.fromisoformat(text)


def rows(path):
    """Of each case, in order: row, time."""
    cases = {}
    for seq, at, case in sqlite3.connect(path).execute(
            "SELECT seq, at, case_no FROM log WHERE case_no IS NOT NULL ORDER BY seq"):
        time = datetime.datetime.fromtimestamp(0, datetime.timezone.utc) + datetime.timedelta(microseconds=at)
        cases.setdefault(f"c{case}", []).append((seq, time))
    return cases


def from_xes(path):
    space = "{http://www.xes-standard.org/}"
    cases = {}
    for trace in tree.parse(path).getroot().iter(space + "trace"):
        name = [s.get("value") for s in trace.findall(space + "string") if s.get("key") == "concept:name"][0]
        for event in trace.iter(space + "event"):
            fields = {child.get("key"): child.get("value") for child in event}
            cases.setdefault(name, []).append((int(fields["petrel:seq"]), moment(fields["time:timestamp"])))
    return cases


def from_ocel(path):
    with open(path, encoding="utf-8") as file:
        log = json.load(file)
    objects, cases = {one["id"] for one in log["objects"]}, {}
    for event in log["events"]:
        for relation in event["relationships"]:
            assert relation["objectId"] in objects, relation
            if relation["qualifier"] == "case":
                seq = int([one["value"] for one in event["attributes"] if one["name"] == "seq"][0])
                cases.setdefault(relation["objectId"], []).append((seq, moment(event["time"])))
    return cases


def by_pm4py(xes, ocel):
    import pm4py
    cases = {}
    for _, row in pm4py.read_xes(xes).iterrows():
        cases.setdefault(row["case:concept:name"], []).append(
            (int(row["petrel:seq"]), row["time:timestamp"].to_pydatetime()))
    yield "pm4py, XES", cases
    log, cases = pm4py.read_ocel2_json(ocel), {}
    seqs = dict(zip(log.events["ocel:eid"], log.events["seq"]))
    for _, row in log.relations[log.relations["ocel:qualifier"] == "case"].iterrows():
        cases.setdefault(row["ocel:oid"], []).append(
            (int(seqs[row["ocel:eid"]]), row["ocel:timestamp"].to_pydatetime()))
    yield "pm4py, OCEL", {case: sorted(events) for case, events in cases.items()}


database, xes, ocel = sys.argv[1:4]
expected = rows(database)
found = [("XES", from_xes(xes)), ("OCEL", from_ocel(ocel))]
if "pm4py" in sys.argv:
    found += by_pm4py(xes, ocel)
wrong = [name for name, cases in found if cases != expected]
print("\n".join(f"{name} differs" for name in wrong) or f"{len(expected)} cases, as in the log")
sys.exit(1 if wrong or not expected else 0)
