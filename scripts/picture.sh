#!/usr/bin/env bash
# Draws w as training code computes it in bf16, over the certified w, for every row of a file of logits:
#
#     scripts/picture.sh smollm2.safetensors "72 tokens of SmolLM2-135M-Instruct" > docs/book/src/pictures/wrong-w.svg
#
# LOGITLAB names the binary. Each row takes two runs, since no command prints what a mode computes row by row.
set -euo pipefail

file=$1
title=$2
logitlab=${LOGITLAB:-logitlab}

# A line for each row: 1 - P_c, certified w, and what the closed form and the tail form come to, over the truth.
rows() {
    local row=0 certified ratios
    while certified=$("$logitlab" measure "$file" --rows "$row" --json 2>/dev/null); do
        ratios=$("$logitlab" compare --input "$file" --rows "$row" --reference given --modes bf16-lse \
            --formulas production,tail --format csv | awk -F, '$4 == "all" { printf " %s", $12 }')
        echo "$certified" | sed -E 's/.*"rest_lo":"([^"]*)".*"w_lo":"([^"]*)".*/\1 \2/' | sed "s/\$/$ratios/"
        row=$((row + 1))
    done
}

rows | sort -g -r | awk -v title="$title" '
    function across(rest) { return 96 - 144 * log(rest) / log(10) }
    function up(ratio) { return 292 - 52 * log(ratio) / log(10) }
    function text(left, top, anchor, content) {
        printf "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", left, top, anchor, content
    }
    function line(x1, y1, x2, y2, colour) {
        printf "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>\n", x1, y1, x2, y2, colour
    }
    # What is 0 or negative is drawn below the axis of ratios.
    function dot(rest, ratio, colour) {
        printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\" fill-opacity=\"0.75\"/>\n",
            across(rest), (ratio > 0 ? up(ratio) : 356), colour
    }
    BEGIN {
        red = "#c0392b"; blue = "#1f618d"; grey = "#d5d8dc"
        print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 430\" font-family=\"sans-serif\" font-size=\"13\">"
        print "<rect width=\"760\" height=\"430\" fill=\"#ffffff\"/>"
        printf "<g font-size=\"16\" font-weight=\"bold\">"
        text(24, 28, "start", "w, the squared size of a logit update: computed over certified")
        print "</g>"
        text(24, 48, "start", title)
        split("0.1 1 10 100 1,000 10,000", names, " ")
        for (i = 1; i <= 6; i++) {
            line(80, up(10^(i - 2)), 728, up(10^(i - 2)), i == 2 ? "#212f3d" : grey)
            text(72, up(10^(i - 2)) + 4, "end", names[i] == "1" ? "1 (right)" : names[i])
        }
        split("0 0.9 0.99 0.999 0.9999", names, " ")
        for (i = 1; i <= 5; i++) {
            line(across(10^(1 - i)), 60, across(10^(1 - i)), 352, grey)
            text(across(10^(1 - i)), 374, "middle", names[i])
        }
        text(404, 396, "middle", "P_c, the probability of the chosen token")
    }
    { rest = $1; w = $2; ratio = $3; dot(rest, ratio, red); dot(rest, $4, blue) }
    END {
        # The last row is the most confident one.
        text(across(rest) - 10, up(ratio) - 2, "end", sprintf("computed %.2e, certified %.2e", ratio * w, w))
        printf "<circle cx=\"100\" cy=\"418\" r=\"4\" fill=\"%s\"/>\n", red
        text(110, 422, "start", "training code in bf16: 1 - 2 P_c + sum pi^2")
        printf "<circle cx=\"440\" cy=\"418\" r=\"4\" fill=\"%s\"/>\n", blue
        text(450, 422, "start", "tail form, from the same bf16 logits")
        print "</svg>"
    }'
