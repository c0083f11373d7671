# How long a start waits for its answer while snapshots are taken, beside the same without.
# Input: PAIR on|off NAME=NUMBER..., one line a run.
{
  for (i = 3; i <= NF; i++) {
    split($i, part, "=")
    figure[$1, $2, part[1]] = part[2]
  }
  if ($1 > pairs) pairs = $1
}
function median(list, count,   i, j, held) {
  for (i = 2; i <= count; i++) {
    held = list[i]
    for (j = i - 1; j >= 1 && list[j] > held; j--) list[j + 1] = list[j]
    list[j + 1] = held
  }
  return count % 2 ? list[(count + 1) / 2] : (list[count / 2] + list[count / 2 + 1]) / 2
}
END {
  print "starts at a steady pace over a log with many open cases, microseconds to the answer"
  for (p = 1; p <= pairs; p++) {
    for (w = 1; w <= 2; w++) {
      way = w == 1 ? "off" : "on"
      printf "  %-4s p50 %6d  p95 %6d  p99 %7d  longest %7d  snapshots %d", way, \
        figure[p, way, "p50_us"], figure[p, way, "p95_us"], figure[p, way, "p99_us"], \
        figure[p, way, "max_us"], figure[p, way, "snapshots"]
      printf "%s", (w == 1 ? "  |" : "\n")
    }
    ratio[p] = figure[p, "on", "p95_us"] / figure[p, "off", "p95_us"]
    taken += figure[p, "on", "snapshots"]
  }
  middle = median(ratio, pairs)
  printf "%-58s %10.3f %-7s aim at most 1.2: %s\n\n", \
    "p95 with snapshots beside without, median of " pairs " pairs", middle, "times", \
    (middle <= 1.2 && taken >= pairs ? "reached" : "MISSED")
}
