// The starter for a page about every source file, written by a model under a cap.

extension InitTemplate {
  static let documentationText = #"""
    name: document-sources

    # One item for each file. Other sources: lines, jsonl, csv, command, list.
    items:
      glob: "**/*.swift"
      # exclude: ["Tests/**"]

    steps:
      - id: write
        llm:
          provider: anthropic        # needs ANTHROPIC_API_KEY; for openai: OPENAI_API_KEY
          model: claude-sonnet-4-5
          fallback: [claude-haiku-4-5]   # asked when the first one times out; the receipt says which answered
          # Files (prompts/system.md) or the texts themselves. The system prompt is the same for every
          # item, so the provider can keep it in its cache.
          system: |
            You document source code. Answer in Markdown, and with nothing but the page.
          cache: system
          # Of a path there are {{path}} {{name}} {{stem}} {{dir}} {{ext}} and {{text}}, its content.
          prompt: |
            Write a page about the file {{path}}. Begin with the title "# {{name}}", then say what the
            file is for, and add a section "## Usage" with an example.
            {{#feedback}}

            Your last page was not accepted: {{feedback}}
            {{/feedback}}

            {{text}}
          max_tokens: 4000           # always sent: it bounds what a call can cost
          params: {temperature: 0}   # whatever else the provider understands
        # Published here after the checks and the review passed.
        output: "docs/{{dir}}/{{stem}}.md"
        timeout: 5m

      - id: review
        # A text goes to /bin/sh. Every {{value}} is quoted already: write no quotes around it.
        # Exit 10 sends the work back, and what is printed then is {{feedback}}.
        run: |
          grep -q '^## Usage' {{write.candidate}} && exit 0
          echo 'The section "## Usage" is missing.'
          exit 10
        sends_back_to: write
        rounds: 3

    checks:
      - nonempty: true
      - {name: has-a-title, regex: "^# "}

    enforcement: strict      # strict | warn | off
    parallel: {run: 4, llm: 16}

    # Never a cent more, whatever happens: each call's worst case is reserved before it is sent.
    budget: {cap: 20, per_item: 0.50, on_reached: pause}

    # What your account allows; without it the provider's own headers and refusals are obeyed.
    # providers:
    #   anthropic:
    #     limits: {requests_per_minute: 500, input_tokens_per_minute: 400000, output_tokens_per_minute: 80000}
    #     breaker: {failures: 3, open_for: 60s}
    #     health: {path: /v1/models}
    # USD for a million tokens, where a model is not known or your price is another one.
    # prices:
    #   claude-sonnet-4-5: {input: 3.00, output: 15.00, cache_read: 0.30, cache_write: 3.75}

    # A wait of the provider's that is longer than this is saved; then the engine stays or leaves.
    retry: {attempts: 4, base: 1s, cap: 60s, long_wait: 10m}

    # A few items first. If too many of them fail, the run pauses before the rest is started.
    canary: {items: 3, pick: spread, max_failed: 20%}

    """#
}
