import KapinBase
package import KapinModel
internal import KapinSyntax

/// The texts of a file of translations.
package enum TranslationTexts {
  /// Its values, however deep, in the order of the file; what is broken is left out.
  package static func read(_ bytes: UnsafeRawBufferPointer, path: String) -> [Translation] {
    let lines = LineTable(bytes)
    return JSON.texts(bytes).map { key, text, at in
      Translation(key: key, text: text, place: Place(path, lines.position(at)))
    }
  }
}
