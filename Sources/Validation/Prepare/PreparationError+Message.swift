package import Domain

extension PreparationError {
    /// The error as the stage border reports it.
    package var failure: Failure {
        switch self {
        case .source(let name, let diagnostics):
            Failure(
                "what is prepared from dataset `\(name)` cannot be: its data is not as declared",
                at: diagnostics.first?.place.description,
                hint: "mend the data or the manifest, try `slipway check`, and push",
                .wait(for: "a commit that mends the data"), details: Array(diagnostics.prefix(50)))
        case .cell(let place, let step, let name, let message, let hint),
            .step(let place, let step, let name, let message, let hint):
            Failure(
                "\(message) (step \(step), \(name))", at: place.description, hint: hint,
                .wait(for: "a commit that mends the data or the step"),
                details: [diagnostic].compactMap(\.self))
        case .noRoom(let code):
            Failure(
                "rows that do not fit into memory cannot be kept on disk: \(errorText(code))",
                hint: "make room there", .retry(afterSeconds: 300))
        case .unwritable(let path, let reason):
            Failure(
                "the prepared rows cannot be written: \(reason)", at: path,
                hint: "make room there", .retry(afterSeconds: 300))
        case .pictures(let failure): failure
        case .validation(let error): error.failure
        }
    }

    /// What is wrong with data or manifest, at its place; nil: it is about the machine.
    package var diagnostic: Diagnostic? {
        switch self {
        case .cell(let place, let step, let name, let message, let hint),
            .step(let place, let step, let name, let message, let hint):
            Diagnostic(at: place, "\(message) (step \(step), \(name))", hint: hint)
        case .source, .noRoom, .unwritable, .pictures, .validation: nil
        }
    }
}
