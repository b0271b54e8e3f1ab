// The starter for a coding agent over many files.

extension InitTemplate {
  static let agentsText = #"""
    name: agent-over-files

    items:
      glob: "**/*.swift"

    steps:
      - id: review
        # A list is an argument vector: no shell, no quoting.
        run: [claude, -p, --output-format, stream-json, --verbose]
        provider: claude             # its limits and its breaker hold here, see below
        usage: claude-stream-json    # claude-json | claude-stream-json | codex-json | {cost: /total_cost_usd}
        answer: /result              # what of the output is the candidate
        max_cost: 2.00               # what an attempt may cost at most, for the plan and a budget
        # The prompt reaches the command on its standard input. It may also be a file: prompts/x.md
        prompt: |
          Review the file {{path}}. Answer in Markdown: what is wrong, where, and how to mend it.
          {{#feedback}}
          Your last answer was not accepted: {{feedback}}
          {{/feedback}}

          {{text}}
        output: "reviews/{{path}}.md"
        timeout: 20m         # the whole process tree is killed then
        stall: 5m            # no output for so long = stuck
        checks:
          - nonempty: true

      # An agent that changes files works in a git worktree of its own, whose commit is the result:
      # - id: migrate
      #   run: [claude, -p, --output-format, stream-json, --verbose]
      #   provider: claude
      #   usage: claude-stream-json
      #   max_cost: 2.00
      #   prompt: prompts/migrate.md
      #   workspace: {worktree: {setup: [npm, ci]}}      # or: shared, copy, worktree

    providers:
      claude:
        api: cli               # a command-line agent that steps start
        billing: subscription  # costs are shown with ~ and stay outside a budget; metered counts
        limits: {concurrent: 2}
        breaker: {failures: 3, open_for: 5m}

    parallel: 2
    retry: {attempts: 2, base: 30s, cap: 5m, long_wait: 30m, on_long_wait: stay}
    canary: {items: 2, pick: first, max_failed: 0%, then: pause}

    """#
}
