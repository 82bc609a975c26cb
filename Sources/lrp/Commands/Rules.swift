import ArgumentParser
import LRP

/// `lrp rules`: the rules with their formulas, parameters and defaults.
struct Rules: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the rules, their formulas, parameters and defaults.",
    discussion: """
      Names and parameters are those of composite files. x is a layer's input, w and b its parameters, z its output, J its \
      Jacobian, R the relevance that arrives, stab(z) = z + epsilon * sign(z).
      """)

  @Flag(help: "Write JSON.") var json = false

  func run() throws {
    if json {
      print(try JSONText.text(RuleCatalog.descriptions.map(Row.init)), terminator: "")
      return
    }
    var table = TextTable(["rule", "relevance at the input", "parameters", "for"])
    for rule in RuleCatalog.descriptions {
      let parameters = rule.parameters.map { parameter in
        parameter.defaultValue.map { "\(parameter.name)=\($0)" } ?? "\(parameter.name) (required)"
      }
      table.add([rule.name, rule.formula, parameters.joined(separator: " "), rule.summary])
    }
    print(table.text, terminator: "")
  }

  private struct Row: Encodable {
    struct Parameter: Encodable {
      let name: String
      let expects: String
      let `default`: String?
    }

    let name: String
    let formula: String
    let summary: String
    let parameters: [Parameter]

    init(_ rule: RuleDescription) {
      name = rule.name
      formula = rule.formula
      summary = rule.summary
      parameters = rule.parameters.map {
        Parameter(name: $0.name, expects: $0.expectation, default: $0.defaultValue?.description)
      }
    }
  }
}
