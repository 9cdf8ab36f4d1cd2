"""TeX's names of mathematical characters, functions and accents.

The names are those of LaTeX, amsmath and amssymb (Scott Pakin, The Comprehensive LaTeX Symbol List).
"""

from __future__ import annotations

import unicodedata

_SYMBOLS = """
    α alpha β beta γ gamma δ delta ϵ epsilon ε varepsilon ζ zeta η eta θ theta ϑ vartheta ι iota
    κ kappa ϰ varkappa λ lambda μ mu µ mu ν nu ξ xi π pi ϖ varpi ρ rho ϱ varrho σ sigma ς varsigma
    τ tau υ upsilon ϕ phi φ varphi χ chi ψ psi ω omega ϝ digamma
    Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi Π Pi Σ Sigma Υ Upsilon ϒ Upsilon Φ Phi Ψ Psi Ω Omega
    ℵ aleph ℶ beth ℷ gimel ℏ hbar ℓ ell ℘ wp ℑ Im ℜ Re ℧ mho ı imath ȷ jmath ð eth
    ∂ partial ∇ nabla ∞ infty ∅ emptyset ⌀ varnothing ∀ forall ∃ exists ∄ nexists ∆ Delta ∎ blacksquare
    ∠ angle ∡ measuredangle ∢ sphericalangle ⊤ top ⊥ perp ‵ backprime ♯ sharp ♭ flat ♮ natural
    ♣ clubsuit ♢ diamondsuit ♡ heartsuit ♠ spadesuit § S ¶ P † dagger ‡ ddagger © copyright £ pounds
    ∑ sum ∏ prod ∐ coprod ∫ int ∬ iint ∭ iiint ⨌ iiiint ∮ oint ∯ oiint ∰ oiiint
    ⋂ bigcap ⋃ bigcup ⋁ bigvee ⋀ bigwedge ⨁ bigoplus ⨂ bigotimes ⨀ bigodot ⨄ biguplus ⨆ bigsqcup
    ± pm ∓ mp × times ÷ div · cdot ⋅ cdot ∙ bullet • bullet ∘ circ ○ bigcirc ◯ bigcirc ⋆ star ★ bigstar
    ∩ cap ∪ cup ⊎ uplus ⊓ sqcap ⊔ sqcup ∨ vee ∧ wedge ∖ setminus ≀ wr ⋄ diamond ◊ lozenge □ square
    ■ blacksquare ⊕ oplus ⊖ ominus ⊗ otimes ⊘ oslash ⊙ odot ⊚ circledcirc ⊛ circledast ⊞ boxplus
    ⊟ boxminus ⊠ boxtimes ⊡ boxdot ⋉ ltimes ⋊ rtimes ⋈ bowtie ⨝ bowtie ⊻ veebar ⊼ barwedge ∔ dotplus
    △ triangle ▵ triangle ▽ bigtriangledown ◁ triangleleft ▷ triangleright ▲ blacktriangle
    ⊲ vartriangleleft ⊳ vartriangleright ⊴ trianglelefteq ⊵ trianglerighteq ⨿ amalg ⊺ intercal
    ≤ leq ≥ geq ⩽ leqslant ⩾ geqslant ≦ leqq ≧ geqq ≪ ll ≫ gg ⋘ lll ⋙ ggg ≠ neq ≡ equiv ≢ not\\equiv
    ≈ approx ≊ approxeq ≉ not\\approx ≅ cong ≆ ncong ≇ ncong ≃ simeq ∼ sim ≁ nsim ≍ asymp ≐ doteq
    ≔ coloneqq ≕ eqqcolon ≜ triangleq ≝ overset{\\text{def}}{=} ≟ overset{?}{=} ∝ propto ≲ lesssim
    ≳ gtrsim ≶ lessgtr ≷ gtrless ≺ prec ≻ succ ⪯ preceq ⪰ succeq ≼ preccurlyeq ≽ succcurlyeq
    ≮ nless ≯ ngtr ≰ nleq ≱ ngeq ⊀ nprec ⊁ nsucc ∈ in ∉ notin ∋ ni ∌ not\\ni
    ⊂ subset ⊃ supset ⊆ subseteq ⊇ supseteq ⊊ subsetneq ⊋ supsetneq ⊄ not\\subset ⊅ not\\supset
    ⊈ nsubseteq ⊉ nsupseteq ⫅ subseteqq ⫆ supseteqq ⊏ sqsubset ⊐ sqsupset ⊑ sqsubseteq ⊒ sqsupseteq
    ∣ mid ∤ nmid ∥ parallel ∦ nparallel ⊢ vdash ⊣ dashv ⊨ models ⊩ Vdash ⊬ nvdash ⊭ nvDash ⊦ vdash
    ∴ therefore ∵ because ≬ between ⋔ pitchfork ⌢ frown ⌣ smile ¬ neg √ surd ∗ ast
    → to ⟶ longrightarrow ← leftarrow ⟵ longleftarrow ↔ leftrightarrow ⟷ longleftrightarrow
    ⇒ Rightarrow ⟹ Longrightarrow ⇐ Leftarrow ⟸ Longleftarrow ⇔ Leftrightarrow
    ⟺ Longleftrightarrow ↦ mapsto ⟼ longmapsto ↑ uparrow ↓ downarrow ↕ updownarrow ⇑ Uparrow
    ⇓ Downarrow ⇕ Updownarrow ↗ nearrow ↘ searrow ↙ swarrow ↖ nwarrow ↪ hookrightarrow
    ↩ hookleftarrow ↠ twoheadrightarrow ↣ rightarrowtail ⇀ rightharpoonup ⇁ rightharpoondown
    ↼ leftharpoonup ↽ leftharpoondown ⇌ rightleftharpoons ⇋ leftrightharpoons ⇄ rightleftarrows
    ⇆ leftrightarrows ⇉ rightrightarrows ⇝ rightsquigarrow ⤳ rightsquigarrow ↝ leadsto ↛ nrightarrow
    ⇏ nRightarrow ↾ upharpoonright ↺ circlearrowleft ↻ circlearrowright ⊸ multimap
    … ldots ⋯ cdots ⋮ vdots ⋱ ddots ⟨ langle ⟩ rangle 〈 langle 〉 rangle ⌊ lfloor
    ⌋ rfloor ⌈ lceil ⌉ rceil ‖ | ⟦ llbracket ⟧ rrbracket ⌜ ulcorner ⌝ urcorner
    ⎰ lmoustache ⎱ rmoustache ⟮ lgroup ⟯ rgroup { { } } % % # # $ $ & & _ _ \\ backslash
"""
_words = _SYMBOLS.split()
SYMBOLS = {
    character: "\\" + name for character, name in zip(_words[::2], _words[1::2], strict=True)
}
# characters that TeX writes with others, and those that are invisible
SYMBOLS |= {
    "−": "-", "–": "-", "‐": "-", "‑": "-", "∶": ":", "⁄": "/", "∕": "/", "∽": r"\sim", "~": r"\sim",
    "^": r"\hat{}", "′": "'", "″": "''", "‴": "'''", "⁗": "''''", "°": r"^{\circ}", "ﬀ": "ff",
    "\u2061": "", "\u2062": "", "\u2063": "", "\u2064": "", "\u200b": "", "\u200c": "", "\u200d": "",
    "\ufeff": "", "\u2060": "", "\u00ad": "", "\ufe00": "", "\u2329": r"\langle", "\u232a": r"\rangle",
    "\u00a0": r"\ ", "\u2002": r"\enspace", "\u2003": r"\quad", "\u2004": r"\;", "\u2005": r"\:",
    "\u2006": r"\,", "\u2009": r"\,", "\u200a": r"\,", "\u205f": r"\:",
}  # fmt: skip

# operators written as several characters
OPERATORS = {
    "...": r"\ldots", "->": r"\to", "=>": r"\Rightarrow", "<=>": r"\Leftrightarrow", "!=": r"\neq",
    "<=": r"\leq", ">=": r"\geq", "||": r"\|", "+-": r"\pm", "mod": r"\bmod",
}  # fmt: skip

_FUNCTIONS = """
    arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup
    ln log max min Pr sec sin sinh sup tan tanh
"""
FUNCTIONS = frozenset(_FUNCTIONS.split())
# functions and operators whose bounds are written as scripts of the name
_WITH_BOUNDS = "lim liminf limsup max min sup inf det gcd Pr argmax argmin"
LIMIT_FUNCTIONS = frozenset(_WITH_BOUNDS.split())
LIMIT_SYMBOLS = frozenset("∑∏∐∫∬∭⨌∮∯∰⋂⋃⋁⋀⨁⨂⨀⨄⨆")

# accents of one character and of several, by the character over or under the base
OVER = {
    **dict.fromkeys("^ˆ̂", (r"\hat", r"\widehat")),
    **dict.fromkeys("¯‾̅̄_―−–-", (r"\bar", r"\overline")),
    **dict.fromkeys("~˜∼̃", (r"\tilde", r"\widetilde")),
    **dict.fromkeys("˙.̇·", (r"\dot", r"\dot")),
    **dict.fromkeys(("¨", "̈", "..", "‥"), (r"\ddot", r"\ddot")),
    **dict.fromkeys(("⃛", "...", "…"), (r"\dddot", r"\dddot")),
    **dict.fromkeys("→⃗⇀⃑", (r"\vec", r"\overrightarrow")),
    **dict.fromkeys("←⃖", (r"\overleftarrow", r"\overleftarrow")),
    **dict.fromkeys("↔⃡", (r"\overleftrightarrow", r"\overleftrightarrow")),
    **dict.fromkeys("ˇ̌", (r"\check", r"\check")),
    **dict.fromkeys("˘̆", (r"\breve", r"\breve")),
    **dict.fromkeys("´́", (r"\acute", r"\acute")),
    **dict.fromkeys("`̀", (r"\grave", r"\grave")),
    **dict.fromkeys("˚̊", (r"\mathring", r"\mathring")),
    **dict.fromkeys("⏞︷", (r"\overbrace", r"\overbrace")),
    **dict.fromkeys("⎴", (r"\overbracket", r"\overbracket")),
}
UNDER = {
    **dict.fromkeys("_¯‾̲―−", r"\underline"),
    **dict.fromkeys("⏟︸", r"\underbrace"),
    **dict.fromkeys("⎵", r"\underbracket"),
    **dict.fromkeys("→", r"\underrightarrow"),
    **dict.fromkeys("←", r"\underleftarrow"),
}

# MathML's mathvariant, and the words in Unicode's names of mathematical letters
VARIANTS = {
    "bold": r"\mathbf", "bold-italic": r"\boldsymbol", "double-struck": r"\mathbb", "script": r"\mathcal",
    "bold-script": r"\mathcal", "-tex-calligraphic": r"\mathcal", "-tex-caligraphic": r"\mathcal",
    "fraktur": r"\mathfrak", "bold-fraktur": r"\mathfrak", "sans-serif": r"\mathsf",
    "bold-sans-serif": r"\mathsf", "sans-serif-italic": r"\mathsf", "monospace": r"\mathtt",
}  # fmt: skip
_STYLES = (
    ("DOUBLE-STRUCK", r"\mathbb"), ("SCRIPT", r"\mathcal"), ("FRAKTUR", r"\mathfrak"),
    ("BLACK-LETTER", r"\mathfrak"), ("SANS-SERIF", r"\mathsf"), ("MONOSPACE", r"\mathtt"),
    ("BOLD ITALIC", r"\boldsymbol"), ("BOLD", r"\mathbf"),
)  # fmt: skip


def character(letter: str) -> str:
    """Return the TeX of one character: its command, or the character itself."""
    name = SYMBOLS.get(letter)
    if name is not None or letter < "\u2100":
        return letter if name is None else name
    if letter > "\U0001d7ff" or "\u2140" < letter < "\U0001d400":
        return letter
    plain = unicodedata.normalize("NFKC", letter)
    if plain == letter or len(plain) != 1:
        return letter
    inner = SYMBOLS.get(plain, plain)
    kind = unicodedata.name(letter, "")
    for word, command in _STYLES:
        if word in kind:
            return f"{command}{{{inner}}}"
    return inner
