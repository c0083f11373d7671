# Medians of the figures of one run, each beside its baseline, and the aims.
# Input: GROUP|SIDE|SECONDS|RATE|CPU_MS, one line a measurement.
BEGIN { FS = "|" }
{
  if (!($1 in known)) { known[$1] = 1; groups[++count] = $1 }
  if (!(($1, $2) in n)) sides[$1, ++size[$1]] = $2
  i = ++n[$1, $2]
  seconds[$1, $2, i] = $3
  rate[$1, $2, i] = $4
  cpu[$1, $2, i] = $5
}
function sorted(values, group, side, into,   i, j, held) {
  for (i = 1; i <= n[group, side]; i++) {
    held = values[group, side, i] + 0
    for (j = i - 1; j >= 1 && into[j] > held; j--) into[j + 1] = into[j]
    into[j + 1] = held
  }
}
function median(values, group, side,   list, m) {
  sorted(values, group, side, list)
  m = n[group, side]
  return m % 2 ? list[(m + 1) / 2] : (list[m / 2] + list[m / 2 + 1]) / 2
}
function spread(values, group, side,   list) {
  sorted(values, group, side, list)
  return sprintf("%.0f to %.0f", list[1], list[n[group, side]])
}
function judge(text, value, bound, unit, atLeast,   ok) {
  ok = atLeast ? value >= bound : value <= bound
  printf "%-58s %10.3f %-7s aim %s %g: %s\n", text, value, unit, atLeast ? "at least" : "at most", \
    bound, ok ? "reached" : "MISSED"
}
END {
  printf "medians of %d rounds; in brackets the slowest and the fastest\n", rounds
  for (g = 1; g <= count; g++) {
    group = groups[g]
    printf "\n%s\n", group
    first = median(rate, group, sides[group, 1])
    for (s = 1; s <= size[group]; s++) {
      side = sides[group, s]
      figure = median(rate, group, side)
      printf "  %-22s %10.1f /s  (%s)   cpu %.3f ms each", side, figure, \
        spread(rate, group, side), median(cpu, group, side)
      if (s > 1) printf "   petrel / this: %.3f", first / figure
      printf "\n"
    }
  }
  printf "\n"
  for (g = 1; g <= count; g++) {
    group = groups[g]
    first = median(rate, group, sides[group, 1])
    other = size[group] > 1 ? median(rate, group, sides[group, 2]) : 1
    if (group ~ /model 200 ms, 64 in flight/)
      judge("of a plain curl_multi loop, 200 ms, 64 cases in flight", 100 * first / other, 97, "%", 1)
    if (group ~ /model 200 ms, 64 model calls at once/)
      judge("of a plain curl_multi loop, 200 ms, 64 model calls at once", 100 * first / other, 97, \
        "%", 1)
    if (group ~ /^verify a log/) {
      judge("verified beside a plain scan with SHA-256, one core", 100 * first / other, 60, "%", 1)
      judge("rows verified a second on one core", first, 500000, "/s", 1)
    }
    if (group ~ /^chain and tree/)
      judge("chain and tree beside plain batched inserts", 100 * other / first, 12, "%", 0)
    if (group ~ /^start over a long log/) {
      start = median(seconds, group, sides[group, 1])
      judge("seconds to start over a long log", start, 2, "s", 0)
      judge("the same beside reading and hashing its rows", \
        start / median(seconds, group, sides[group, 2]), 4, "times", 0)
    }
    if (group ~ /^verdict .* read/)
      judge(substr(group, 9) " to a verdict a second of processor time", \
        1000 / median(cpu, group, sides[group, 1]), 100000, "/s", 1)
    if (group ~ /^10,000 calls in flight/)
      judge("processor time of a call, 10,000 in flight", \
        1000 * median(cpu, group, sides[group, 1]), 200, "us", 0)
    if (group ~ /without HTTP/) {
      judge("refund cases a second without HTTP", first, 10000, "/s", 1)
      judge("processor time of a refund case without HTTP", median(cpu, group, sides[group, 1]), \
        0.15, "ms", 0)
    }
    if (group ~ /at a time/)
      judge("times the program by hand, " substr(group, length(group) - 12), first / other, 2.5, \
        "times", 1)
    if (group ~ /CEL guard join, evaluated/)
      judge("evaluations of the join guard a second", first / 1e6, 20, "million", 1)
    if (group ~ /CEL guard .*, compiled/)
      judge("to compile, " substr(group, 5), 1e6 / first, 50, "us", 0)
    if (group ~ /durable events/)
      judge("of plain inserts of the same rows", 100 * first / other, 50, "%", 1)
  }
}
