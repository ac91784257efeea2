import Domain
import Testing

@testable import Planning

/// Letters and digits without a pattern; cut into pieces in this file, so that no scanner takes
/// the tests for a leak.
private func noise(_ count: Int, _ alphabet: String, seed: UInt64 = 7) -> String {
    let letters = Array(alphabet)
    var state = seed
    return String(
        (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return letters[Int(state >> 33) % letters.count]
        })
}

private let upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
private let word = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

private func scan(_ text: String, _ path: String = "a.py", since: [String] = []) -> SecretScan {
    findSecrets(in: Array(text.utf8), path: path, since: since.map { Array($0.utf8) })
}

private func block(_ kind: String, seed: UInt64 = 7) -> String {
    "-----BEGIN \(kind)-----\n\(noise(64, word, seed: seed))\n\(noise(64, word, seed: 99))\n"
        + "-----END \(kind)-----\n"
}

struct SecretShape: Sendable, CustomTestStringConvertible {
    var kind: SecretFinding.Kind
    var text: String
    var path = "a.py"
    var column: Int?
    var testDescription: String { "\(kind) in \(path): \(text.prefix(12))" }
}

private let shapes: [SecretShape] = [
    SecretShape(kind: .privateKey, text: block("RSA PRIVATE KEY"), column: 1),
    SecretShape(kind: .privateKey, text: block("OPENSSH PRIVATE KEY")),
    SecretShape(kind: .privateKey, text: block("PRIVATE KEY")),
    SecretShape(kind: .privateKey, text: block("EC PRIVATE KEY")),
    SecretShape(kind: .privateKey, text: block("ENCRYPTED PRIVATE KEY")),
    SecretShape(kind: .privateKey, text: block("PGP PRIVATE KEY BLOCK")),
    SecretShape(
        kind: .privateKey,
        text: "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES\n\n"
            + noise(64, word)),
    SecretShape(
        kind: .privateKey,
        text: "  # \"-----BEGIN PRIVATE KEY-----\\n\" +\n  # \"" + noise(64, word) + "\\n\" +"),
    SecretShape(
        kind: .privateKey,
        text: #"{"private_key": "-----BEGIN PRIVATE KEY-----\n"# + noise(64, word) + "\"}",
        path: "service.json", column: 18),
    SecretShape(kind: .awsKeyID, text: "key = AKIA" + noise(16, upper), column: 7),
    SecretShape(kind: .awsKeyID, text: "ASIA" + noise(16, upper)),
    SecretShape(kind: .awsSecret, text: "aws_secret_access_key = \"\(noise(40, word + "+/"))\""),
    SecretShape(
        kind: .awsSecret, text: "AWS_SECRET_ACCESS_KEY=\(noise(40, word + "+/"))", path: ".env"),
    SecretShape(kind: .awsSecret, text: "secretAccessKey: '\(noise(40, word))'"),
    SecretShape(
        kind: .github, text: "url = 'https://ghp_\(noise(36, word))@github.com'", column: 16),
    SecretShape(kind: .github, text: "token: ghs_" + noise(36, word)),
    SecretShape(kind: .github, text: "github_pat_" + noise(22, word) + "_" + noise(59, word)),
    SecretShape(kind: .gitlab, text: "glpat-" + noise(20, word)),
    SecretShape(kind: .slack, text: "xoxb-" + noise(12, "0123456789") + "-" + noise(24, word)),
    SecretShape(
        kind: .slack,
        text: "https://hooks.slack.com/services/T" + noise(8, upper) + "/B" + noise(8, upper) + "/"
            + noise(24, word)),
    SecretShape(kind: .google, text: "key=AIza" + noise(35, word)),
    SecretShape(kind: .huggingFace, text: "login('hf_\(noise(34, word))')"),
    SecretShape(kind: .assigned, text: "password = \"\(noise(18, word))\"", column: 13),
    SecretShape(kind: .assigned, text: "password=\"Tr0ub4dor&3xyz\""),
    SecretShape(kind: .assigned, text: "clientSecret: '\(noise(32, word))'"),
    SecretShape(kind: .assigned, text: "TOKEN: str = \"\(noise(24, word))\""),
    SecretShape(kind: .assigned, text: "{\"api_key\": \"\(noise(24, word))\"}", path: "a.json"),
    SecretShape(kind: .assigned, text: "settings['secret'] = '\(noise(24, word))'"),
    SecretShape(kind: .assigned, text: "db_password: \(noise(20, word))", path: "values.yaml"),
]

@Test(arguments: shapes) func `what looks like a key is found`(_ shape: SecretShape) throws {
    let found = scan("first line\n" + shape.text + "\nlast line\n", shape.path).findings
    #expect(found.map(\.kind) == [shape.kind])
    let first = try #require(found.first)
    #expect(first.line == 2)
    if let column = shape.column { #expect(first.column == column) }
}

@Test(arguments: shapes) func `the thing itself is never shown`(_ shape: SecretShape) {
    for finding in scan(shape.text, shape.path).findings {
        for start in shape.text.indices.dropLast(12) where shape.text[start].isLetter {
            let piece = shape.text[start...].prefix(12)
            guard piece.count == 12, piece.contains(where: \.isNumber) else { continue }
            #expect(!"\(finding)\(finding.message)".contains(piece))
        }
    }
}

@Test(arguments: [
    "if text.contains(\"-----BEGIN OPENSSH PRIVATE KEY-----\") { refuse() }",
    "-----BEGIN PRIVATE KEY-----\nshort\n-----END PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\nlet digest = \"5f2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d5f2b3c4d5e\"\n",
    "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n",
    "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key = \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"",
    "password = \"correct horse battery staple\"", "password = \"hunter2\"",
    "password = os.environ[\"DATABASE_PASSWORD_2024_PRODUCTION\"]",
    "password: \"${DATABASE_PASSWORD_1234567}\"", "token = \"<your token of 2024, 20 chars>\"",
    "tokenizer: \"google/gemma-2-9b-it-2024-09\"", "max_tokens = 1234567890123456",
    "secret: \"/run/secrets/database_password_2024\"",
    "sha256: \"5f2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d\"",
    "pad_token = \"[PAD_TOKEN_000000001]\"", "token_url = \"https://id.example.org/oauth2/token1\"",
    "api_key = \"your-api-key-goes-here-123\"", "token = \"aaaaaaaaaaaaaaaaaaaaaaaa1\"",
    "let token = words[12345678901234567890]", "eyeghp_" + "0123456789abcdef0123456789abcdef0123",
    "secret = next_secret_of_1234567890abc",
]) func `what only talks of keys is let pass`(_ text: String) {
    #expect(scan(text).findings.isEmpty)
}

@Test func `an old line is not found again, a changed one is`() {
    let line = "password = \"\(noise(18, word))\"\n"
    #expect(scan("a\n\(line)b\n", since: ["\(line)"]).findings.isEmpty)
    #expect(scan("a\n \(line)b\n", since: ["\(line)"]).findings.count == 1)
    #expect(scan(line, since: ["", line]).findings.isEmpty, "it was there in one of two parents")
    #expect(scan(line, since: ["", "other"]).findings.count == 1)
    let key = "PRIVATE KEY"
    #expect(scan(block(key), since: [block(key)]).findings.isEmpty)
    #expect(scan(block(key)).findings.count == 1)
    #expect(block(key) != block(key, seed: 8))
    #expect(scan(block(key), since: [block(key, seed: 8)]).findings.count == 1)
}

@Test func `a comment lets a line pass`() {
    let value = noise(18, word)
    let line = "password = \"\(value)\""
    #expect(scan("\(line)  # slipway:allow-secret").findings.isEmpty)
    #expect(scan("# slipway:allow-secret\n\(line)").findings.isEmpty)
    #expect(scan("# slipway:allow-secret\n\n\(line)").findings.count == 1)
    #expect(scan("\(line)\n# slipway:allow-secret").findings.count == 1)
    let digest = scan(line).findings.first?.digest
    #expect(scan("\(line) // slipway:allow-secret").allowed == Set([digest].compactMap(\.self)))
    #expect(scan("token = \"\(value)\"").findings.first?.digest == digest)
}

@Test func `data is not searched`() {
    let secret = "password = \"\(noise(18, word))\"\n"
    #expect(scan("\0" + secret).skipped == .binary)
    #expect(scan("\0" + secret).findings.isEmpty)
    let large = String(repeating: "x", count: secretFileBytesMax)
    #expect(scan(secret + large).skipped == .tooLarge)
    #expect(scan(secret + large.dropLast(secret.utf8.count)).findings.count == 1)
}

@Test func `the number of findings is bounded`() {
    let lines = (0..<5000).map { "password = \"\(noise(18, word, seed: UInt64($0)))\"" }
    #expect(scan(lines.joined(separator: "\n")).findings.count == SecretScan.findingsMax)
}

@Test(arguments: [
    "=", ":", "password=", "token=\"", "xoxb-", "AIza", "-----BEGIN ", "-----BEGIN PRIVATE KEY",
    "a", "-----BEGIN PRIVATE KEY\n", "\n",
]) func `no text takes long`(_ piece: String) {
    // With anything worse than linear time, the test's limit would be passed by far.
    let text = String(repeating: piece, count: (1 << 16) / piece.utf8.count)
    #expect(scan(text, "a.yaml").skipped == nil)
}
