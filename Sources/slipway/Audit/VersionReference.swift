import ArgumentParser
import Domain

/// A version on the command line: `digits@v1.1.0`, or `digits` for what is assigned.
struct VersionReference: ExpressibleByArgument {
    let model: ModelName
    /// nil: what the environments assign.
    let version: SemanticVersion?

    init?(argument: String) {
        let parts = argument.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count <= 2, let model = ModelName(String(parts[0])) else { return nil }
        self.model = model
        guard parts.count == 2 else {
            version = nil
            return
        }
        guard let version = SemanticVersion(String(parts[1])) else { return nil }
        self.version = version
    }
}
