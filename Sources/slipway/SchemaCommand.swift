import ArgumentParser
import Planning

extension DeclarationKind: ExpressibleByArgument {}

struct SchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of a kind of file, for editors.",
        discussion: """
            The kinds are repository (slipway.yaml), model (models/<model>/model.yaml), dataset \
            (datasets/<dataset>.yaml) and environment (environments/<environment>.yaml).

            Example:
              slipway schema model > model.schema.json
            """)

    @Argument(help: "The kind of file.")
    var kind: DeclarationKind

    func run() async throws { await Console.put(Planning.schema(for: kind)) }
}
