"""Reads the log of a run of `scrape` and says whether it was polite; knows nothing of Petrel's code.

    python3 Tests/Scraping/check.py scrape.db --targets 10000

From the rows alone: no domain is fetched twice at the same time, none before its cool-down is over, no
proxy serves two fetches or rests too little, a banned one stays away, at most 500 fetches are under way, no
target is tried more than four times, and every target ends exactly once, stored or dead.
"""
import argparse
import json
import sqlite3
import sys

TRIES_MAX = 4
PROXY_FAILS_MAX = 5
BAN = 24 * 3600 * 1_000_000
IN_FLIGHT_MAX = 500


def microseconds(text):
    """A duration as the log writes it: `2.500s`."""
    whole, _, fraction = text.rstrip("s").partition(".")
    return int(whole) * 1_000_000 + int((fraction + "000000")[:6])


class Log:
    """What each row says about domains, proxies and targets."""

    def __init__(self):
        self.values = {}  # token that wrote a value -> value
        self.same = {}  # token that moved one -> the writer
        self.delay, self.rest = {}, {}  # by name, as first deposited
        self.domain_from, self.proxy_from = {}, {}  # earliest next fetch
        self.fails = {}  # in a row, by proxy
        self.busy_domains, self.busy_proxies = set(), set()
        self.fetches = {}  # firing -> (domain, proxy, case)
        self.tries, self.ended = {}, {}
        self.faults, self.count, self.peak = [], 0, 0

    def fault(self, seq, text):
        if len(self.faults) < 20:
            self.faults.append(f"row {seq}: {text}")

    def value(self, token):
        return self.values.get(self.same.get(token, token))

    def keep(self, seq, tokens):
        for index, token in enumerate(tokens):
            name = token["place"].rpartition("/")[2]
            if name not in ("domains", "proxies", "returned", "banned", "targets"):
                continue
            if "value" in token:
                self.values[f"{seq}.{index}"] = token["value"]
            elif "same" in token:
                self.same[f"{seq}.{index}"] = token["same"]

    def deposited(self, seq, at, body):
        self.keep(seq, body["tokens"])
        for token in body["tokens"]:
            name, value = token["place"].rpartition("/")[2], token.get("value")
            if name == "domains":
                if value["name"] in self.delay:
                    self.fault(seq, f"{value['name']} is there twice")
                self.delay[value["name"]] = microseconds(value["delay"])
                self.domain_from[value["name"]] = at
            if name == "proxies":
                if value["id"] in self.rest:
                    self.fault(seq, f"{value['id']} is there twice")
                self.rest[value["id"]] = microseconds(value["rest"])
                self.proxy_from[value["id"]] = at
                self.fails[value["id"]] = 0

    def started(self, seq, at, case, body):
        self.count += 1
        domain, proxy, target = (self.value(token) for token in body["consumed"])
        domain, proxy, wanted = domain["name"], proxy["id"], target["domain"]
        if wanted != domain:
            self.fault(seq, f"a page of {wanted} is fetched as one of {domain}")
        if domain in self.busy_domains:
            self.fault(seq, f"{domain} is fetched twice at the same time")
        if proxy in self.busy_proxies:
            self.fault(seq, f"{proxy} serves two fetches")
        if at < self.domain_from[domain]:
            self.fault(seq, f"{domain} is fetched {self.domain_from[domain] - at} µs too early")
        if at < self.proxy_from[proxy]:
            self.fault(seq, f"{proxy} is used {self.proxy_from[proxy] - at} µs too early")
        self.busy_domains.add(domain)
        self.busy_proxies.add(proxy)
        self.fetches[seq] = (domain, proxy, case)
        self.peak = max(self.peak, len(self.fetches))
        if len(self.fetches) > IN_FLIGHT_MAX:
            self.fault(seq, f"{len(self.fetches)} fetches are under way")
        self.tries[case] = self.tries.get(case, 0) + 1
        if self.tries[case] > TRIES_MAX:
            self.fault(seq, f"target {case} is tried {self.tries[case]} times")
        for token in body["consumed"]:
            self.same.pop(token, None)
        self.values.pop(body["consumed"][2], None)

    def completed(self, seq, at, body):
        if body["firing"] not in self.fetches:
            return
        domain, proxy, _ = self.fetches.pop(body["firing"])
        self.busy_domains.discard(domain)
        self.busy_proxies.discard(proxy)
        good = body["outcome"] == "ok"
        self.domain_from[domain] = at + self.delay[domain] * (1 if good else 2)
        if good:
            self.fails[proxy] = 0
            self.proxy_from[proxy] = at + self.rest[proxy]
            return
        self.fails[proxy] += 1
        if self.fails[proxy] < PROXY_FAILS_MAX:
            self.proxy_from[proxy] = at + 2 * self.rest[proxy]
        else:
            self.proxy_from[proxy] = at + BAN
            self.fails[proxy] = 0

    def closed(self, seq, case, body):
        if case in self.ended:
            self.fault(seq, f"target {case} ends twice")
        self.ended[case] = body["ended_in"]
        if body["how"] != "completed" or body["ended_in"] not in ({"stored": 1}, {"dead": 1}):
            self.fault(seq, f"target {case} ends as {body['how']} in {body['ended_in']}")
        self.tries.pop(case, None)

    def read(self, rows):
        fetching = '"transition":"scrape"'
        cases = set()
        for seq, at, case, kind, body in rows:
            if kind == "firingStarted":
                if fetching in body:
                    self.started(seq, at, case, json.loads(body))
            elif kind == "firingCompleted":
                body = json.loads(body)
                self.completed(seq, at, body)
                self.keep(seq, body.get("tokens", []))
            elif kind == "tokenDeposited":
                self.deposited(seq, at, json.loads(body))
            elif kind == "caseOpened":
                cases.add(case)
                self.keep(seq, json.loads(body)["tokens"])
            elif kind == "caseClosed":
                self.closed(seq, case, json.loads(body))
            elif kind == "fired":
                self.keep(seq, json.loads(body).get("tokens", []))
        return cases


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("database")
    arguments.add_argument("--targets", type=int, required=True)
    options = arguments.parse_args()
    database = sqlite3.connect(f"file:{options.database}?mode=ro", uri=True)
    log = Log()
    rows = database.execute("SELECT seq, at, case_no, kind, body FROM log ORDER BY seq")
    cases = log.read(rows)
    if len(cases) != options.targets:
        log.fault(0, f"{len(cases)} targets were started, not {options.targets}")
    if set(log.ended) != cases:
        log.fault(0, f"{len(cases - set(log.ended))} targets did not end")
    if log.fetches:
        log.fault(0, f"{len(log.fetches)} fetches never ended")
    if log.count < options.targets:
        log.fault(0, f"only {log.count} fetches for {options.targets} targets")
    stored = sum(1 for ended in log.ended.values() if "stored" in ended)
    print(
        f"checked: {log.count} fetches of {len(log.delay)} domains through {len(log.rest)} proxies, at "
        f"most {log.peak} at a time; {stored} targets stored, {len(log.ended) - stored} dead"
    )
    for fault in log.faults:
        print(f"no: {fault}")
    if log.faults:
        sys.exit(1)
    print("ok: no domain twice in flight or before its cool-down, no proxy shared, each target ends once")


if __name__ == "__main__":
    main()
