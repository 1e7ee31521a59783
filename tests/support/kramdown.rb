# Prints the HTML that Jekyll's Markdown would make of runbooks: kramdown with the GFM parser, in
# Jekyll's own settings. Of the files that are named, as a JSON list; else of what is typed in.
require "json"
require "kramdown"
require "kramdown-parser-gfm"

def html_of(text)
  text = text.dup.force_encoding("UTF-8").delete_prefix("\uFEFF")
  body = text.sub(/\A---\s*\r?\n.*?\n(---|\.\.\.)\s*$\n?/m, "")
  # A fence with two words behind its mark is no fence to kramdown; the second one is alertbook's own.
  body.gsub!(/^(\s*```promql) carrier=\S+$/, '\1')
  # Jekyll runs Liquid first, which takes the marks around what is raw.
  body.gsub!(/^\{% (end)?raw %\}$/, "")
  Kramdown::Document.new(body, input: "GFM", hard_wrap: false, syntax_highlighter: nil).to_html
end

if ARGV.empty?
  print html_of($stdin.read)
else
  print JSON.generate(ARGV.map { |path| html_of(File.read(path)) })
end
