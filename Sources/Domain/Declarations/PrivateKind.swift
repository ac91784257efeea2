/// What private data looks like: the kinds of texts that `private_data` looks for.
///
/// docs/checks.md says what each one is taken for.
package enum PrivateKind: String, Hashable, Codable, Sendable, CaseIterable {
    case email, phone, card, iban, ip
    /// A key or token whose beginning says what it opens, or a private key.
    case secret
    /// A long text of high entropy, as keys and tokens without a known beginning are.
    case random
}
