/// Writes a number for people: four decimals, or scientific with four digits where that hides it.
///
/// An undefined value is a dash.
func shortNumber(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    let size = abs(value)
    if size != 0, size < 0.001 || size >= 1e9 { return scientific(value) }
    let scaled = (size * 10_000).rounded()
    guard let units = Int64(exactly: scaled) else { return scientific(value) }
    let fraction = String(units % 10_000)
    let padded = String(repeating: "0", count: 4 - fraction.count) + fraction
    return "\(value < 0 ? "-" : "")\(units / 10_000).\(padded)"
}

private func scientific(_ value: Double) -> String {
    var mantissa = abs(value)
    var exponent = 0
    while mantissa >= 10 {
        mantissa /= 10
        exponent += 1
    }
    while mantissa < 1 {
        mantissa *= 10
        exponent -= 1
    }
    var digits = Int((mantissa * 1000).rounded())
    if digits == 10_000 {
        digits = 1000
        exponent += 1
    }
    let fraction = String(digits % 1000)
    let padded = String(repeating: "0", count: 3 - fraction.count) + fraction
    return "\(value < 0 ? "-" : "")\(digits / 1000).\(padded)e\(exponent)"
}

/// Cuts a text from data to a width, marking that something is missing.
func cut(_ text: String, to width: Int) -> String {
    text.count <= width ? text : "\(text.prefix(width - 1))…"
}
