import Domain

/// Says which roles, models and environments are named that are not there.
///
/// It is asked for every plan, because neither file changes when the other one does.
func danglingMentions(
    _ declared: Declarations, _ decoded: DecodedFiles
) -> [Diagnostic] {
    guard let repository = declared.repository.draft else { return [] }
    let book = RoleBook(roles: repository.review.roles)
    var found = declared.models.flatMap { danglingRoles($0, decoded, book) }
    let models = declared.models.map(\.name.text)
    for (index, suspension) in repository.suspensions.enumerated() {
        if let model = suspension.model?.text, !models.contains(model) {
            found.append(idle("suspend[\(index)].model", model, among: models, "model"))
        }
        let environments = declared.environments.names
        if let environment = suspension.environment?.text, !environments.contains(environment) {
            let subject = "suspend[\(index)].environment"
            found.append(idle(subject, environment, among: environments, "environment"))
        }
    }
    return found
}

/// Says which roles a model names that the repository does not have.
func danglingRoles(
    _ model: DeclarationFiles.Model, _ decoded: DecodedFiles, _ book: RoleBook
) -> [Diagnostic] {
    guard case .model(let parsed) = decoded[model.file], let draft = parsed.draft else { return [] }
    return draft.roles.filter { book.roles[$0.value] == nil }
        .map { book.unknown($0.value, at: $0.place) }
}

/// A warning: what is suspended may have been removed on purpose.
private func idle(
    _ subject: String, _ name: String, among names: [String], _ kind: String
) -> Diagnostic {
    let meant = nearest(to: name, among: names).map { "; did you mean `\($0)`?" } ?? ""
    return Diagnostic(
        .warning, at: Place(file: repositoryFile),
        "`\(subject)` names no \(kind) that is there: `\(quoted(name))`\(meant)")
}
