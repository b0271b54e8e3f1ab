// The articles, held against the tests that they name: a claim without its test goes red.

import Foundation
import Testing

@Suite("The articles")
struct ArticleTests {
  private static let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  /// The articles of which every section has to name a test.
  private static let folder = "Sources/Runtime/Runtime.docc"

  @Test("name only tests that there are, by module, suite and title")
  func named() throws {
    let known = try TestTitles.all(below: Self.repository.appendingPathComponent("Tests"))
    let named = try Self.articles(below: "Sources").flatMap { article in
      article.paragraphs.map { (article.name, $0) }
    }
    #expect(named.count > 50)
    for (article, paragraph) in named {
      let titles = NamedTest.all(in: paragraph)
      #expect(!titles.isEmpty, "\(article): no test is named in: \(paragraph)")
      let unknown = titles.filter { !known.contains($0) }
      #expect(unknown == [], "\(article) names tests that are not there")
    }
  }

  @Test("name a test in each of their sections")
  func sections() throws {
    for article in try Self.articles(below: Self.folder) {
      #expect(!article.sections.isEmpty, "\(article.name) has no sections")
      for (title, isTested) in article.sections where !["Topics", "See also"].contains(title) {
        #expect(isTested, "\(article.name) names no test in: \(title)")
      }
    }
  }

  @Test("are found from the README and from their first page")
  func links() throws {
    let readme = try String(
      contentsOf: Self.repository.appendingPathComponent("README.md"), encoding: .utf8)
    let names = try Self.articles(below: Self.folder).map(\.name)
    let first = try #require(try Self.articles(below: Self.folder).first { $0.name == "Runtime" })
    for name in names where name != first.name {
      let isInReadme = readme.contains("(\(Self.folder)/\(name).md)")
      #expect(isInReadme, "README.md has no link to \(name)")
      let isInFirst = first.text.contains("<doc:\(name)>")
      #expect(isInFirst, "Runtime.md has no link to \(name)")
    }
  }

  private static func articles(below path: String) throws -> [Article] {
    let files = FileManager.default.enumerator(
      at: repository.appendingPathComponent(path), includingPropertiesForKeys: nil)
    let articles = (files?.allObjects ?? []).compactMap { $0 as? URL }
      .filter { $0.pathExtension == "md" }.sorted { $0.path < $1.path }
    return try articles.map { file in
      Article(
        name: file.deletingPathExtension().lastPathComponent,
        text: try String(contentsOf: file, encoding: .utf8))
    }
  }
}

/// An article as far as the tests that it names go.
private struct Article {
  let name: String
  let text: String
  /// The paragraphs that begin with `Tested by:`, each as one line.
  private(set) var paragraphs: [String] = []
  /// The sections of the second level, in their order, and whether a test is named in them.
  private(set) var sections: [(title: String, isTested: Bool)] = []

  private static let mark = "Tested by:"

  init(name: String, text: String) {
    self.name = name
    self.text = text
    var isInCode = false
    var isInParagraph = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") { isInCode.toggle() }
      guard !isInCode else { continue }
      if line.hasPrefix("## ") { sections.append((String(line.dropFirst(3)), false)) }
      if line.hasPrefix(Self.mark) {
        isInParagraph = true
        paragraphs.append("")
        if !sections.isEmpty { sections[sections.count - 1].isTested = true }
      }
      isInParagraph = isInParagraph && !line.isEmpty
      if isInParagraph { paragraphs[paragraphs.count - 1] += line + " " }
    }
  }
}

/// A test as an article names it: `` `Module.Suite` "its title" ``, with further titles of the same
/// suite behind it.
private struct NamedTest: Hashable, CustomStringConvertible {
  let suite: String
  let title: String

  var description: String { "\(suite) \"\(title)\"" }

  static func all(in paragraph: String) -> [NamedTest] {
    var suite = ""
    var found: [NamedTest] = []
    for match in paragraph.matches(of: /`(\w+\.\w+)`|"([^"]+)"/) {
      if let name = match.1 { suite = String(name) }
      if let title = match.2 { found.append(NamedTest(suite: suite, title: String(title))) }
    }
    return found
  }
}

/// The titles of all tests, read from their sources.
private enum TestTitles {
  static func all(below tests: URL) throws -> Set<NamedTest> {
    var found: Set<NamedTest> = []
    let modules = try FileManager.default.contentsOfDirectory(
      at: tests, includingPropertiesForKeys: nil)
    for module in modules {
      let files = FileManager.default.enumerator(at: module, includingPropertiesForKeys: nil)
      for case let file as URL in files?.allObjects ?? [] where file.pathExtension == "swift" {
        found.formUnion(
          titles(
            of: try String(contentsOf: file, encoding: .utf8), in: module.lastPathComponent))
      }
    }
    return found
  }

  private static func titles(of source: String, in module: String) -> [NamedTest] {
    var suite = ""
    var isAfterTest = false
    var found: [NamedTest] = []
    for line in source.split(separator: "\n") {
      if let name = declaredType(line) { suite = name }
      guard line.contains("@Test") || isAfterTest || line.contains("func `") else { continue }
      let title =
        line.firstMatch(of: /^ *(?:@Test\( *)?"((?:[^"\\]|\\.)+)"/)?.1
        ?? line.firstMatch(of: /func `([^`]+)`/)?.1
      if let title { found.append(NamedTest(suite: "\(module).\(suite)", title: String(title))) }
      // A title that does not fit behind `@Test(` stands on the next line.
      isAfterTest = line.hasSuffix("@Test(")
    }
    return found
  }

  /// A type of the file itself, not one inside another.
  private static func declaredType(_ line: Substring) -> String? {
    guard let first = line.first, first.isLetter || first == "@" else { return nil }
    let words = line.split(separator: " ")
    guard
      let keyword = words.firstIndex(where: {
        ["struct", "class", "actor", "enum", "extension"].contains($0)
      }), keyword + 1 < words.count
    else { return nil }
    return String(words[keyword + 1].prefix { $0.isLetter || $0.isNumber })
  }
}
