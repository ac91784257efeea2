import Domain

extension CheckRun {
    /// Of a column and kind: texts that look like it / texts ≤ limit.
    func privateData(_ found: Measurement, _ check: DataCheck) -> CheckOutcome {
        let name = check.name.rawValue
        let value = found.total == 0 ? 0 : Double(found.count) / Double(found.total)
        let isOfNumbers = found.isOfNumbers == true
        let noun = isOfNumbers ? "number" : "text"
        let limit = check.limits(found.kind?.limit(ofNumbers: isOfNumbers) ?? 0)
        var sentence =
            found.kind.map { kind in
                "\(found.count) of \(counted(found.total, noun)) "
                    + "\(found.count == 1 ? "looks" : "look") like \(kind.words) "
                    + "(\(percentText(value)); at most \(limit.text))"
            } ?? "none of \(counted(found.total, noun)) looks like \(words(of: check))"
        if let note = found.note {
            sentence = found.total == 0 ? note : "\(sentence); \(note)"
        }
        var outcome = CheckOutcome(
            name, found.column, count: found.count, of: found.total, limit,
            check.severity ?? .warn, sentence)
        outcome.kind = found.kind
        return outcome
    }

    /// What was looked for.
    private func words(of check: DataCheck) -> String {
        guard let last = check.kinds.last else { return "private data" }
        let first = check.kinds.dropLast().map(\.words).joined(separator: ", ")
        return first.isEmpty ? last.words : "\(first) or \(last.words)"
    }
}

extension PrivateKind {
    /// The share of texts over which a column is taken to hold it, where no limit is written.
    ///
    /// Of keys that are known for what they are, and of bank accounts and private data in the
    /// plain sense, chance makes next to none; of 16-digit numbers it makes one card in forty, and
    /// of versions and products it makes addresses and phones.
    /// Of numbers that all begin as cards do, such as one customer's identifiers after the other,
    /// the check digit lets one in ten pass, and a column of cards is one from end to end.
    fileprivate func limit(ofNumbers isOfNumbers: Bool) -> Double {
        switch self {
        case .secret: 0
        case .email, .iban, .random: 0.01
        case .card where isOfNumbers: 0.2
        case .phone, .card, .ip: 0.05
        }
    }

    var words: String {
        switch self {
        case .email: "e-mail addresses"
        case .phone: "phone numbers"
        case .card: "numbers of payment cards"
        case .iban: "bank account numbers"
        case .ip: "network addresses"
        case .secret: "keys or tokens"
        case .random: "random texts, as keys and tokens are"
        }
    }
}
