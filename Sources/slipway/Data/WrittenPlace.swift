import Domain
import Host
import Planning

extension RepositoryPlan {
    /// Ends a command that would write where a dataset has a file, or would get one, or over a
    /// file that the plan is made from.
    ///
    /// - Parameters:
    ///   - target: an absolute path; a folder is also all that is below it.
    ///   - option: what names it.
    func refuse(
        writing target: String, as option: String, root: String, declared: DeclaredFiles
    ) throws(Stop) {
        let path = settled(target)
        for manifest in datasets.values.sorted(by: { $0.name < $1.name }) {
            let isOwn =
                settled("\(root)/\(manifest.path)") == path
                || manifest.namedFiles.contains { $0.isWritten(at: path, root: root) }
            guard isOwn else { continue }
            throw Stop(
                .refused,
                "\(option): \(oneLine(target)) is, or holds, a file of the dataset "
                    + "`\(manifest.name)`",
                at: manifest.path, hint: "name another place, which no dataset reads")
        }
        // Because what a manifest names beside data, and one that has errors, is written by hand.
        for file in declared.paths.sorted() {
            let whole = settled("\(root)/\(file)")
            guard whole == path || whole.hasPrefix("\(path)/") else { continue }
            throw Stop(
                .refused, "\(option): \(oneLine(target)) is, or holds, a declaration",
                at: file, hint: "name another place, where nothing is declared")
        }
    }
}

extension DatasetFile {
    /// Whether what is written at a path changes it.
    fileprivate func isWritten(at path: String, root: String) -> Bool {
        let place = folder ?? self.path
        let named = place.isEmpty ? root : "\(root)/\(place)"
        let whole = settled(named)
        if whole == path || whole.hasPrefix("\(path)/") { return true }
        guard folder != nil else { return isLink(named, to: path) }
        let (holds, inside) = (self.holds, place.isEmpty ? "" : "\(place)/")
        if path.hasPrefix("\(whole)/"), holds("\(inside)\(path.dropFirst(whole.count + 1))") {
            return true
        }
        // Because no link leads to what is not there, and a folder may hold very many files.
        guard exists(path) else { return false }
        // Because who reads a folder that cannot be listed says so.
        let links = ((try? walk(whole, unopened: ".git")) ?? []).filter { $0.kind == .link }
        return links.contains {
            holds("\(inside)\($0.path)") && isLink("\(whole)/\($0.path)", to: path)
        }
    }
}

/// Whether a link, or a chain of them, ends at a path or below it.
private func isLink(_ link: String, to path: String) -> Bool {
    // Because what is not there is no link to anything that is.
    guard let end = try? canonicalPath(link) else { return false }
    return end == path || end.hasPrefix("\(path)/")
}

/// The path with the links in it followed; one to a file stays, because it would be replaced.
private func settled(_ path: String) -> String {
    // Because what is not there is not behind a link.
    if isFolder(path) { return (try? canonicalPath(path)) ?? path }
    let parent = parentFolder(path)
    let folder = (try? canonicalPath(parent)) ?? parent
    let name = path.split(separator: "/").last ?? ""
    return folder == "/" ? "/\(name)" : "\(folder)/\(name)"
}
