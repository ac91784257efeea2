import Domain
import Provenance
import Registry

/// The program that found something, by the SHA-256 of its bytes: what another build found is found
/// again, because no version that people raise by hand says which figures a change has moved.
struct ProgramDigest: Sendable {
    /// The program that runs.
    static let own = ProgramDigest(Result { () throws(RegistryError) in try digestOfOwnProgram() })

    private let digest: Result<Digest, RegistryError>

    init(_ digest: Result<Digest, RegistryError>) { self.digest = digest }

    /// What something of this description is kept under; throws when the program cannot be read.
    func name(_ description: String) throws(RegistryError) -> Fingerprint {
        let program = try digest.get()
        let text = "\(description)\(program)\n"
        return Fingerprint(checked: sha256(Array(text.utf8)).hex)
    }
}

/// The link leads to the file that was started, also after another one took its place.
private func digestOfOwnProgram() throws(RegistryError) -> Digest {
    try Registry.digest(ofFile: "/proc/self/exe").digest
}
