# Reads a runbook and prints the HTML that Jekyll's Markdown would make of it: kramdown with the GFM
# parser, in Jekyll's own settings.
require "kramdown"
require "kramdown-parser-gfm"

text = $stdin.read.force_encoding("UTF-8")
body = text.sub(/\A---\s*\n.*?\n---\s*$\n?/m, "")
# A fence with two words behind its mark is no fence to kramdown; the second one is alertbook's own.
body.gsub!(/^(\s*```promql) carrier=\S+$/, '\1')
print Kramdown::Document.new(body, input: "GFM", hard_wrap: false, syntax_highlighter: nil).to_html
