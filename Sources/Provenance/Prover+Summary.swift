import Domain

extension SignatureFinding.Signer {
    /// `ada@example.org by SHA256:…`
    var text: String { "\(principal) by \(keyFingerprint)" }
}

extension Prover {
    /// `2 of 2: ada@x by SHA256:…, bob@x by SHA256:…; author eve@x excluded; policy 3f…; artifact
    /// not checked`, as far as the chain was followed.
    var summary: String {
        var parts: [String] = []
        if let policy {
            let names = signers.map(\.text).joined(separator: ", ")
            let count = "\(signers.count) of \(policy.approvals)"
            parts.append(
                signers.isEmpty && policy.approvals == 0
                    ? "nobody had to approve" : names.isEmpty ? count : "\(count): \(names)")
            let excluded = policy.excluded.sorted { $0.key < $1.key }
                .map { "\($0.value) \($0.key)" }
            parts.append(
                excluded.isEmpty
                    ? "nobody excluded" : excluded.joined(separator: ", ") + " excluded")
            if !policy.unmapped.isEmpty {
                let addresses = policy.unmapped.sorted().joined(separator: ", ")
                parts.append("no known person: \(addresses)")
            }
            parts.append("policy \(policy.digest.short)…")
        }
        switch question.artifact {
        case .checked(let digest): parts.append("artifact \(digest.short)… checked")
        case .notChecked: parts.append("artifact not checked")
        case .missing: parts.append("artifact missing")
        }
        return oneLine(parts.joined(separator: "; "))
    }
}
