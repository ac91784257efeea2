/// A character that is looked for in classes, with its other cases as soon as one of them asks.
package struct CasedLetter {
    let scalar: Unicode.Scalar
    lazy var others: [Unicode.Scalar] = otherCases(of: scalar)

    package init(_ scalar: Unicode.Scalar) { self.scalar = scalar }
}

/// What else a letter is in lower, upper and title case, where that is one letter.
func otherCases(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    if scalar.value < 0x80 {
        switch scalar {
        case "a"..."z", "A"..."Z": return [Unicode.Scalar(UInt8(scalar.value) ^ 0x20)]
        default: return []
        }
    }
    var found: [Unicode.Scalar] = []
    func add(_ other: Unicode.Scalar) {
        if other != scalar, !found.contains(other) { found.append(other) }
    }
    let (lower, upper) = (scalar.inLowerCase, scalar.inUpperCase)
    add(lower)
    add(upper)
    add(scalar.cased(scalar.properties.titlecaseMapping))
    // Because of letters that only another case ties together: σ and ς, K and the sign of kelvin.
    if upper != scalar { add(upper.inLowerCase) }
    if lower != scalar { add(lower.inUpperCase) }
    return found
}

extension Unicode.Scalar {
    fileprivate var inLowerCase: Unicode.Scalar { cased(properties.lowercaseMapping) }
    fileprivate var inUpperCase: Unicode.Scalar { cased(properties.uppercaseMapping) }

    /// Itself where it becomes more than one letter.
    fileprivate func cased(_ mapping: String) -> Unicode.Scalar {
        let scalars = mapping.unicodeScalars
        guard let only = scalars.first, scalars.count == 1 else { return self }
        return only
    }
}
