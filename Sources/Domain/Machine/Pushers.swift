/// Returns who pushed what is to be decided about, sorted; nobody where that is not known.
///
/// `newest` is the last of the commits, and the others are those whose changes it has. It is not
/// known who pushed them when nobody said who pushed the newest one; or when only the bot did, and
/// of the others somebody is unknown: then a person's commits came with those of the bot.
package func pushers(
    of newest: CommitID?, _ commits: [CommitID], _ pushes: [CommitID: [Push]]
) -> [String] {
    guard let newest else { return [] }
    func names(_ commit: CommitID) -> Set<String> {
        Set((pushes[commit] ?? []).compactMap(\.by))
    }
    let last = names(newest)
    guard !last.isEmpty else { return [] }
    let others = commits.filter { $0 != newest }
    let bots = (pushes[newest] ?? []).filter { $0.byBot == true }.compactMap(\.by)
    if last.isSubset(of: bots), others.contains(where: { names($0).isEmpty }) { return [] }
    return others.reduce(into: last) { $0.formUnion(names($1)) }.sorted()
}
