# The lines that the benchmarks left (row;title;value;unit;low;high;goal;direction) as a table, in their order:
# awk -f table.awk FILE

function shown(number) {
    return sprintf(number >= 100 ? "%.0f" : number >= 10 ? "%.1f" : "%.2f", number)
}

BEGIN {
    FS = ";"
    print "| work | measured | goal | |"
    print "| --- | --- | --- | --- |"
}
{
    spread = $5 + 0 == $6 + 0 ? "" : " (" shown($5) "–" shown($6) ")"
    reached = $8 == "<=" ? $3 + 0 <= $7 + 0 : $3 + 0 >= $7 + 0
    printf "| %s | %s%s %s | %s %s | %s |\n", $2, shown($3), spread, $4, $8 == "<=" ? "≤" : "≥", $7,
        reached ? "reached" : "**missed**"
}
