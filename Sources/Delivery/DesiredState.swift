package import Domain
import FoundationEssentials

/// What an environment should serve: the content of its branch `slipway/<environment>`.
///
/// `models/<model>.json` holds one `Deployment` each, `environment.json` the
/// `EnvironmentDeclaration`; both are JSON, pretty-printed with sorted keys and a final newline.
/// Other files on the branch are not read.
package struct DesiredState: Hashable, Sendable {
    package var deployments: [ModelName: Deployment]
    /// nil: the branch has no readable `environment.json`.
    package var environment: EnvironmentDeclaration?
    /// Models whose file is there and cannot be read: what is served of them stays as it is.
    package var unreadable: Set<ModelName>
    /// What was set aside, in the order of the paths.
    package var problems: [Diagnostic]

    package init(
        deployments: [ModelName: Deployment] = [:], environment: EnvironmentDeclaration? = nil,
        unreadable: Set<ModelName> = [], problems: [Diagnostic] = []
    ) {
        self.deployments = deployments
        self.environment = environment
        self.unreadable = unreadable
        self.problems = problems
    }

    /// Reads the branch's files, given as path → content; a bad file never hides the others.
    package init(files: [String: [UInt8]]) {
        self.init()
        for (path, bytes) in files.sorted(by: { $0.key < $1.key }) {
            if path == Self.environmentPath {
                environment = read(EnvironmentDeclaration.self, bytes, path)
            } else if let text = Self.modelText(ofPath: path) {
                readDeployment(text, bytes, path)
            }
        }
    }

    /// Returns whether a file of the branch at this path is one that `init(files:)` reads.
    package static func reads(_ path: String) -> Bool {
        path == environmentPath || modelText(ofPath: path) != nil
    }

    private mutating func readDeployment(_ text: String, _ bytes: [UInt8], _ path: String) {
        guard let model = ModelName(text) else {
            return setAside(path, "`\(text)` is not a model's name")
        }
        guard let deployment = read(Deployment.self, bytes, path) else {
            unreadable.insert(model)
            return
        }
        guard deployment.model == model else {
            unreadable.insert(model)
            return setAside(path, "the file is about `\(deployment.model)`, not `\(model)`")
        }
        deployments[model] = deployment
    }

    private mutating func read<Value: Decodable>(
        _ type: Value.Type, _ bytes: [UInt8], _ path: String
    ) -> Value? {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            setAside(path, "not a readable \(type): \(explain(error))")
            return nil
        }
    }

    private mutating func setAside(_ path: String, _ message: String) {
        problems.append(
            Diagnostic(
                at: Place(file: path), message,
                hint: "`git log -- \(path)` on the environment's branch shows who wrote it"))
    }
}

extension DesiredState {
    package static let environmentPath = "environment.json"

    /// `models/<model>.json`
    package static func path(of model: ModelName) -> String { "models/\(model).json" }

    private static func modelText(ofPath path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "models", parts[1].hasSuffix(".json") else {
            return nil
        }
        return String(parts[1].dropLast(5))
    }
}

/// Returns the bytes of `models/<model>.json`.
package func encode(_ deployment: Deployment) -> [UInt8] { encodeFile(deployment) }

/// Returns the bytes of `environment.json`.
package func encode(_ environment: EnvironmentDeclaration) -> [UInt8] { encodeFile(environment) }

func encodeFile(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
        return try [UInt8](encoder.encode(value)) + [UInt8(ascii: "\n")]
    } catch {
        preconditionFailure("\(type(of: value)) holds only what JSON can say: \(error)")
    }
}

private func explain(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    let (what, context) =
        switch error {
        case .keyNotFound(let key, let context): ("`\(key.stringValue)` is missing", context)
        case .typeMismatch(_, let context): ("wrong type", context)
        case .valueNotFound(_, let context): ("a value is missing", context)
        case .dataCorrupted(let context): (context.debugDescription, context)
        @unknown default: ("\(error)", DecodingError.Context(codingPath: [], debugDescription: ""))
        }
    let path = context.codingPath.map(\.stringValue).joined(separator: ".")
    return path.isEmpty ? what : "\(what) at `\(path)`"
}
