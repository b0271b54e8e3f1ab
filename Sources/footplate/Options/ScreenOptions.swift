// How the dashboard looks.

import ArgumentParser

struct ScreenOptions: ParsableArguments {
  @Option(help: "default, dark, light, colorblind, contrast, one of your own, or a YAML file.")
  var theme = "default"
  @Flag(help: "No colours; NO_COLOR does the same.") var mono = false
  @Flag(name: .customLong("no-color"), help: "No colours.") var noColor = false
  @Flag(help: "Only ASCII characters.") var ascii = false
  @Flag(
    help: "No screen: one line for each change, commands typed as lines; for screen readers.")
  var plain = false
  @Flag(help: "Look, and change nothing.") var readOnly = false
}
