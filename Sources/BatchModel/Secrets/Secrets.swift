// Which of the engine's own variables hold secrets: their values are masked wherever they appear.

/// Secrets by the names that people give them.
package enum Secrets {
  /// Parts of names that tell a secret, in upper case.
  private static let signs = ["KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL"]

  /// The values of variables whose names say that they are secret, sorted.
  package static func values(in environment: [String: String]) -> [String] {
    environment.filter { entry in
      let name = entry.key.uppercased()
      return signs.contains { name.contains($0) }
    }.values.sorted()
  }
}

extension SecretMask {
  /// A mask of the secrets among these variables.
  package init(of environment: [String: String]) {
    self.init(secrets: Secrets.values(in: environment))
  }
}
