extension PatternParser {
    private typealias Form = LetterClass.Form

    /// How two parts of a class are put together.
    private enum Operation {
        case both, difference, either

        func joined(_ left: Form, _ right: Form) -> Form {
            switch self {
            case .both: .all([left, right])
            case .difference: .all([left, .not(right)])
            case .either: .any([.all([left, .not(right)]), .all([right, .not(left)])])
            }
        }
    }

    /// A class behind its opening bracket.
    ///
    /// Characters, ranges and names are put together; then `&&`, `--` and `~~` from left to right,
    /// and `-[` as `--[`, which is how XML Schema and with it Table Schema write a difference.
    mutating func letterClass(from start: Int) throws(PatternError) -> LetterClass.Form {
        let isNegated = take("^")
        var whole: (form: Form, operation: Operation)?
        var items: [Form] = []
        func joined() -> Form {
            let right = flags.ignoresCase ? Form.folded(.any(items)) : .any(items)
            return whole.map { $0.operation.joined($0.form, right) } ?? right
        }
        while true {
            guard let scalar = peek else { throw PatternError(start, .openClass) }
            let operation = takeOperation(isFirst: items.isEmpty)
            guard scalar == "]" || operation != nil else {
                items.append(try item())
                continue
            }
            guard !items.isEmpty else { throw PatternError(position, .emptyClass) }
            let form = joined()
            guard let operation else {
                position += 1
                return isNegated ? .not(form) : form
            }
            whole = (form, operation)
            items = []
        }
    }

    private mutating func takeOperation(isFirst: Bool) -> Operation? {
        if take("&&") { return .both }
        if take("--") { return .difference }
        if take("~~") { return .either }
        guard !isFirst, peek == "-", peek(1) == "[" else { return nil }
        position += 1
        return .difference
    }

    /// A character, a range, a name or a class inside of a class.
    private mutating func item() throws(PatternError) -> Form {
        guard let first = try member() else { return try nestedClass() }
        guard peek == "-", let next = peek(1), next != "]", next != "[", next != "-" else {
            return first
        }
        let dash = position
        position += 1
        guard case .range(let low) = first, let last = try member(), case .range(let high) = last,
            low.lowerBound <= high.lowerBound
        else { throw PatternError(dash, .badRange) }
        return .range(low.lowerBound...high.lowerBound)
    }

    /// One character or what stands for some; nil: a class begins.
    private mutating func member() throws(PatternError) -> Form? {
        guard let scalar = peek, scalar != "[" else { return nil }
        let start = position
        position += 1
        guard scalar == "\\" else { return .letter(scalar) }
        switch try escape(from: start, isInClass: true) {
        case .letter(let scalar): return .letter(scalar)
        case .form(let form): return form
        case .check, .lineEnd: throw PatternError(start, .unknownEscape(written(from: start)))
        }
    }

    private mutating func nestedClass() throws(PatternError) -> Form {
        let start = position
        position += 1
        if peek == ":", let form = try posixClass(from: start) { return form }
        return try nested(at: start) { parser throws(PatternError) in
            try parser.letterClass(from: start)
        }
    }

    /// `[:alpha:]` and `[:^alpha:]`; nil: it is none.
    private mutating func posixClass(from start: Int) throws(PatternError) -> Form? {
        guard let end = text[position...].firstIndex(of: "]"), end > position + 1,
            text[end - 1] == ":"
        else { return nil }
        var name = string(position + 1..<end - 1)
        let isNegated = name.hasPrefix("^")
        if isNegated { name.removeFirst() }
        guard let kind = LetterKind(posix: name) else {
            throw PatternError(start, .unknownProperty(name))
        }
        position = end + 1
        return isNegated ? .not(.kind(kind)) : .kind(kind)
    }

    func string(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text[range])
        return String(view)
    }

    /// What was read since.
    func written(from start: Int) -> String { string(start..<position) }
}
