/// Returns what a plain scalar means by the core schema of YAML 1.2 (section 10.3.2).
///
/// So `yes` and `12:30` are texts and `012` is twelve, which is also what JSON Schema checks in
/// editors assume; Yams' own rules are those of YAML 1.1.
func plainScalar(_ text: String) -> YAMLNode.Value {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .number(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .number(-.infinity)
    case ".nan", ".NaN", ".NAN": return .number(.nan)
    default: return number(text) ?? .text(text)
    }
}

private func number(_ text: String) -> YAMLNode.Value? {
    if text.hasPrefix("0x"), let value = Int64(text.dropFirst(2), radix: 16), !signed(text) {
        return .integer(value)
    }
    if text.hasPrefix("0o"), let value = Int64(text.dropFirst(2), radix: 8), !signed(text) {
        return .integer(value)
    }
    if isInteger(text) {
        return Int64(text).map { .integer($0) } ?? Double(text).map { .number($0) }
    }
    guard isFloat(text) else { return nil }
    return Double(text.hasPrefix(".") ? "0" + text : text).map { .number($0) }
}

/// Whether a sign follows the two characters of a radix, which `Int64(_:radix:)` would accept.
private func signed(_ text: String) -> Bool {
    guard let sign = text.utf8.dropFirst(2).first else { return true }
    return sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")
}

/// Whether `text` matches `[-+]?[0-9]+`.
func isInteger(_ text: String) -> Bool {
    let digits = withoutSign(text.utf8[...])
    return !digits.isEmpty && digits.allSatisfy(isDigit)
}

/// Whether `text` matches `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
private func isFloat(_ text: String) -> Bool {
    var rest = withoutSign(text.utf8[...])
    let whole = rest.prefix(while: isDigit).count
    rest = rest.dropFirst(whole)
    var fraction = 0
    if rest.first == UInt8(ascii: ".") {
        rest = rest.dropFirst()
        fraction = rest.prefix(while: isDigit).count
        rest = rest.dropFirst(fraction)
    }
    guard whole + fraction > 0 else { return false }
    guard let mark = rest.first else { return true }
    guard mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") else { return false }
    rest = withoutSign(rest.dropFirst())
    return !rest.isEmpty && rest.allSatisfy(isDigit)
}

private func withoutSign(_ text: Substring.UTF8View) -> Substring.UTF8View {
    text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+") ? text.dropFirst() : text
}

private func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
