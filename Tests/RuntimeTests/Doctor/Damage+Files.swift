// Damages of files, processes, the disk, the definition, and the machine.

import BatchModel
import BatchStore
import DurableFiles
import Foundation
import Resilience
import Runtime

extension Damage {
  static let ofFiles: [Damage] = [
    Damage(
      code: .permissionsTooOpen, severity: .error, mending: .safe,
      sentence: "others than its owner have access", remedy: "takes the access away",
      make: { batch in
        chmod(batch.layout.database, 0o644)
        return View()
      }),
    Damage(
      code: .orphanedProcess, severity: .warning, mending: .safe,
      sentence: "it works on attempt 1 of an engine that is gone", remedy: "ends it",
      isUndone: false,
      make: { batch in
        _ = try batch.orphan()
        return View()
      }),
    Damage(
      code: .orphanedStaging, severity: .notice, mending: .safe,
      sentence: "the folder of an attempt that has ended", remedy: "moves 1 folders", limit: 1,
      make: { batch in
        try PrivateFolder.create(batch.layout.staging(of: try batch.newest().run) + "/99-1")
        return View()
      }),
    Damage(
      code: .artifactMissing, severity: .error, mending: .safe, sentence: "out/a.txt",
      remedy: "puts the right bytes back",
      make: { batch in
        try batch.remove("out/a.txt")
        return View()
      }),
    Damage(
      code: .artifactChanged, severity: .warning, mending: .deliberate, sentence: "out/a.txt",
      remedy: "puts the artifact back",
      make: { batch in
        try batch.write("out/a.txt", "mine")
        return View()
      }),
    Damage(
      code: .diskLow, severity: .warning, mending: .byHand, sentence: "only 10 MB are free",
      remedy: "footplate gc",
      make: { _ in
        var host = DoctorHost.plain
        host.freeBytes = { _ in 10 << 20 }
        return View(host: host)
      },
      byHand: { _ in
        var host = DoctorHost.plain
        host.freeBytes = { _ in 10 << 30 }
        return View(host: host)
      }),
  ]

  private static let ordered = """
    version: 1
    name: test
    items: {jsonl: items.jsonl, key: "{{id}}", after: "{{needs}}"}
    steps: [{id: do, run: "true"}]
    """
  private static let inOrder = #"{"id": "a", "needs": []}"# + "\n"

  static let ofSurroundings: [Damage] = [
    Damage(
      code: .invalidDefinition, severity: .error, mending: .byHand, sentence: "glop",
      remedy: "mend it there",
      make: { batch in
        try batch.write("footplate.yaml", TestBatch.plain + "\nglop: 1\n")
        return View()
      },
      byHand: { batch in
        try batch.write("footplate.yaml", TestBatch.plain)
        return View()
      }),
    Damage(
      code: .missingDependency, severity: .error, mending: .byHand,
      sentence: "a comes after nobody", remedy: "add nobody to the items", definition: ordered,
      files: ["items.jsonl": #"{"id": "a", "needs": ["nobody"]}"# + "\n"], limit: nil,
      make: { _ in View() },
      byHand: { batch in
        try batch.write("items.jsonl", inOrder)
        return View()
      }),
    Damage(
      code: .circularDependency, severity: .error, mending: .byHand, sentence: "a cycle: ",
      remedy: "take one of these out", definition: ordered,
      files: ["items.jsonl": #"{"id": "a", "needs": ["a"]}"# + "\n"], limit: nil,
      make: { _ in View() },
      byHand: { batch in
        try batch.write("items.jsonl", inOrder)
        return View()
      }),
    Damage(
      code: .sessionEndsAtLogout, severity: .warning, mending: .byHand,
      sentence: "KillUserProcesses=yes", remedy: "loginctl enable-linger",
      make: { batch in
        try batch.write("machine/run/systemd/system/booted", "")
        try batch.write(
          "machine/etc/systemd/logind.conf", "[Login]\nKillUserProcesses=yes\n")
        return View(host: machine(batch))
      },
      byHand: { batch in
        try batch.write("machine/var/lib/systemd/linger/ann", "")
        return View(host: machine(batch))
      }),
    called(
      .unknownPrice, sentence: "has no known price", remedy: "write its price under prices",
      with: (model: "mock-9", environment: ["KEY": "sk-test"])),
    called(
      .missingSecret, sentence: "the provider mock takes its key from it", remedy: "export KEY=",
      with: (model: "gpt-4.1", environment: [:])),
  ]

  private static func machine(_ batch: TestBatch) -> DoctorHost {
    DoctorHost(login: LoginSettings(root: batch.path("machine"), user: "ann"))
  }

  /// A definition that calls a model, and cannot; a person's own definition runs in its place.
  private static func called(
    _ code: Finding.Code, sentence: String, remedy: String,
    with setting: (model: String, environment: [String: String])
  ) -> Damage {
    let definition = """
      version: 1
      name: test
      items: {glob: "in/*.txt"}
      steps:
        - id: ask
          llm: {provider: mock, model: \(setting.model), prompt: "{{stem}}", max_tokens: 100}
          output: "out/{{stem}}.txt"
      providers:
        mock: {api: openai, key: {env: KEY}}
      """
    return Damage(
      code: code, severity: .error, mending: .byHand, sentence: sentence, remedy: remedy,
      definition: definition, limit: nil,
      make: { _ in
        var host = DoctorHost.plain
        host.environment = setting.environment
        return View(host: host)
      },
      byHand: { batch in
        try batch.write(
          "footplate.yaml", definition + "\nprices: {mock-9: {input: 1, output: 2}}\n")
        var host = DoctorHost.plain
        host.environment = ["KEY": "sk-test"]
        let repaired = batch.doctor(host).examine()
        guard repaired.isEmpty else { return View(host: host) }
        try batch.write("footplate.yaml", TestBatch.plain)
        return View(host: host)
      })
  }
}
