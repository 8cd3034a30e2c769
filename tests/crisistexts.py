"""A crisis for the scenario of four towns, what may be wrong with it, and what may not."""

from __future__ import annotations

Told = tuple[str, str, str, str]
Case = tuple[tuple[str, ...], str, str, str, str]

#: What a crisis needs besides, and what the scenario of four towns lacks.
ALLIES = """source: elicited
confidence: low
note: invented
alliance:
  members:
    "NO":
      {name: Norway, support: 0.7, executive: 0, capability: 0.4, exposure: 1, populism: 0,
       isolationism: 0, trust: 1, ties: 0}
    GUA:
      {name: Guaranty, support: 0.5, executive: 1, capability: 0.6, exposure: 0, populism: 0.5,
       isolationism: 0.5, trust: 0.5, ties: 0.5}
  public:
    {base: 0.7, wording: 0, presence_gain: 0, deaths_gain: 0, killed: 0.25, deaths_half: 100,
     even_loss: 0.05, doubtful_loss: 0.1, horizon_days: 60, doubtful_odds: 0.25}
  government:
    {gain: 1, odds: 0, exposure: 1, trust: 0, populism: 0, isolationism: 0, ties: 0, own_troops: 0,
     own_dead: 0, own_dead_half: 60, cost: 0, cost_half: 2000, nuclear: 0, stakes: 0,
     stakes_half: 0.03, step: 3}
  council:
    {pivotal: [GUA], coalition: 2, abstain: 0.5, shock: 0, bandwagon: 0, delay_days: 1,
     hesitation_days: 0}
  cohesion: {felt_from: 1000, losses: 0, months: 0, empty: 0, reserve: 1, spread: 0}
belief: {base: 0.5, independence: 1}
"""

#: Its alliance answers; its register of belief says nothing of Red's types.
SECTION = """source: elicited
confidence: low
note: invented
crisis:
  players: [red, blue]
  challenger: red
  precision: 5
  optimism: 1
  insight: 0
  occasions_per_year: 0.1
  provocation: {above: thin, within_km: 300, half: 2, weights: {armour: 1}}
  attributes:
    ground: {name: Ground, measure: ground}
    threat: {name: Threat, measure: threat}
    promise: {name: A promise broken}
  success: {ground: 1, promise: 1}
  types:
    hungry: {name: Hungry, player: red, weights: {ground: 1, promise: 0.5}}
    afraid: {name: Afraid, player: red, weights: {ground: 1, threat: -1}}
    firm: {name: Firm, player: blue, weights: {ground: -1}}
    weak: {name: Weak, player: blue, weights: {ground: -0.5}}
  stages:
    nature:
      player: chance
      seen_by: red
      actions:
        afraid: {then: act, probability: 0.4}
        hungry: {then: act}
    act:
      player: red
      actions:
        refrain: {}
        grey-zone: {pays: {promise: 0.1}}
        assault: {then: push}
        grab: {then: push}
    push:
      player: chance
      actions:
        gained: {then: nerve, forecast: gained}
        held: {then: nerve}
    nerve:
      player: chance
      seen_by: blue
      actions:
        firm: {then: reply, probability: 0.7, believed: 0.5}
        weak: {then: reply}
    reply:
      player: blue
      actions:
        give-in:
          war: decision
          keeps: 1
          wins: {promise: 0.5}
          cases:
            - when: {act: grab}
              pays: {promise: -0.5}
        fight: {war: end}
"""

#: (Old, new, ...), code, path, what stands at the place, part of what is told.
PROBLEMS: dict[str, Case] = {
    "attribute of a payment": (
        ("pays: {promise: 0.1}", "pays: {promize: 0.1}"),
        "unknown-attribute", "crisis.stages.act.actions.grey-zone.pays.promize", "0.1",
        "no attribute 'promize'; did you mean promise?",
    ),
    "player in place of an attribute": (
        ("pays: {promise: 0.1}", "pays: {red: 0.1}"),
        "unknown-attribute", "crisis.stages.act.actions.grey-zone.pays.red", "0.1",
        "no attribute 'red'",
    ),
    "attribute of a case": (
        ("pays: {promise: -0.5}", "pays: {promises: -0.5}"),
        "unknown-attribute", "crisis.stages.reply.actions.give-in.cases.0.pays.promises", "-0.5",
        "no attribute 'promises'; did you mean promise?",
    ),
    "attribute won": (
        ("wins: {promise: 0.5}", "wins: {promis: 0.5}"),
        "unknown-attribute", "crisis.stages.reply.actions.give-in.wins.promis", "0.5",
        "no attribute 'promis'; did you mean promise?",
    ),
    "attribute won in a case": (
        ("pays: {promise: -0.5}", "wins: {promises: -0.5}"),
        "unknown-attribute", "crisis.stages.reply.actions.give-in.cases.0.wins.promises", "-0.5",
        "no attribute 'promises'; did you mean promise?",
    ),
    "player in place of an attribute won": (
        ("wins: {promise: 0.5}", "wins: {red: 0.5}"),
        "unknown-attribute", "crisis.stages.reply.actions.give-in.wins.red", "0.5",
        "no attribute 'red'",
    ),
    "attribute of weights": (
        ("threat: -1}", "thret: -1}"),
        "unknown-attribute", "crisis.types.afraid.weights.thret", "-1",
        "no attribute 'thret'; did you mean threat?",
    ),
    "attribute of success": (
        ("success: {ground: 1,", "success: {grund: 1,"),
        "unknown-attribute", "crisis.success.grund", "1,",
        "no attribute 'grund'; did you mean ground?",
    ),
    "player of a type": (
        ("Weak, player: blue", "Weak, player: blu"),
        "unknown-player", "crisis.types.weak.player", "blu,",
        "no player 'blu'; did you mean blue?",
    ),
    "challenger": (
        ("challenger: red", "challenger: russia"),
        "unknown-player", "crisis.challenger", "russia",
        "no player 'russia'; use one of: red, blue",
    ),
    "chance as challenger": (
        ("challenger: red", "challenger: chance"),
        "unknown-player", "crisis.challenger", "chance", "no player 'chance'",
    ),
    "player of a stage": (
        ("act:\n      player: red", "act:\n      player: rde"),
        "unknown-player", "crisis.stages.act.player", "rde", "no player 'rde'",
    ),
    "stage that follows": (
        ("assault: {then: push}", "assault: {then: psh}"),
        "unknown-stage", "crisis.stages.act.actions.assault.then", "psh", "did you mean push?",
    ),
    "stage of a case": (
        ("when: {act: grab}", "when: {atc: grab}"),
        "unknown-stage", "crisis.stages.reply.actions.give-in.cases.0.when.atc", "grab",
        "did you mean act?",
    ),
    "action of a case": (
        ("when: {act: grab}", "when: {act: [grub]}"),
        "unknown-action", "crisis.stages.reply.actions.give-in.cases.0.when.act.0", "grub",
        "did you mean grab",
    ),
    "circle": (
        ("fight: {war: end}", "fight: {war: end, then: push}"),
        "circle", "crisis.stages.reply.actions.fight.then", "push", "leads back to push",
    ),
    "posture of the provocation": (
        ("above: thin", "above: thinn"),
        "unknown-posture", "crisis.provocation.above", "thinn", "did you mean thin or thick?",
    ),
    "type of the provocation": (
        ("weights: {armour: 1}", "weights: {armor: 1}"),
        "unknown-type", "crisis.provocation.weights.armor", "1}", "did you mean armour?",
    ),
    "probability and forecast": (
        ("forecast: gained}", "forecast: gained, probability: 0.5}"),
        "not-allowed", "crisis.stages.push.actions.gained.forecast", "gained,",
        "a draw cannot have both; leave out probability or forecast",
    ),
    "stated and forecast draws": (
        ("    nerve:\n", "        fled: {then: nerve, probability: 0.5}\n    nerve:\n"),
        "not-allowed", "crisis.stages.push.actions.fled", "{then",
        "some draws of a stage are forecast, and some have probabilities; give all the one or",
    ),
    "one event drawn twice": (
        ("    nerve:\n", "        more: {then: nerve, forecast: gained}\n    nerve:\n"),
        "not-allowed", "crisis.stages.push.actions.more.forecast", "gained}",
        "gained is drawn twice; draw each event once",
    ),
    "events of two kinds": (
        ("    nerve:\n", "        lost: {then: nerve, forecast: full}\n    nerve:\n"),
        "not-allowed", "crisis.stages.push.actions.lost.forecast", "full}",
        "full and gained cannot both be draws of one stage; draw each event once, and others at",
    ),
    "gained after the answer": (
        (
            "gained: {then: nerve, forecast: gained}", "full: {then: late, forecast: full}",
            "    nerve:\n", "    late:\n      player: chance\n      actions:\n"
            "        gained: {then: nerve, forecast: gained}\n        held: {then: nerve}\n"
            "    nerve:\n",
        ),
        "not-allowed", "crisis.stages.late.actions.gained", "{then",
        "it is drawn after the answer, which hangs on it; draw it before the answer",
    ),
    "belief without a probability": (
        ("weak: {then: reply}", "weak: {then: reply, believed: 0.5}"),
        "not-allowed", "crisis.stages.nerve.actions.weak.believed", "0.5",
        "only a stated probability can be mistaken; leave believed out",
    ),
    "belief beside a forecast": (
        ("forecast: gained}", "forecast: gained, believed: 0.9}"),
        "not-allowed", "crisis.stages.push.actions.gained.believed", "0.9",
        "only a stated probability can be mistaken; leave believed out",
    ),
    "beliefs that add up to more": (
        (
            "0.7, believed: 0.5}", "0.4, believed: 0.9}", "weak: {then: reply}",
            "weak: {then: reply, probability: 0.4, believed: 0..0.9}\n        mist: {then: reply}",
        ),
        "probability-sum", "crisis.stages.nerve.actions", "player",
        "the beliefs can add up to 1.8; lower them",
    ),
    "belief that leaves too little to a probability": (
        (
            "0.7, believed: 0.5}", "0.4, believed: 0.9}", "weak: {then: reply}",
            "weak: {then: reply, probability: 0.4}\n        mist: {then: reply}",
        ),
        "probability-sum", "crisis.stages.nerve.actions", "player",
        "the beliefs can add up to 1.3; lower them",
    ),
    "probabilities that add up to more than is believed": (
        (
            "0.7, believed: 0.5}", "0.7, believed: 0.2}", "weak: {then: reply}",
            "weak: {then: reply, probability: 0.4}\n        mist: {then: reply}",
        ),
        "probability-sum", "crisis.stages.nerve.actions", "player",
        "the probabilities can add up to 1.1; lower them",
    ),
    "forecast of a player": (
        ("grab: {then: push}", "grab: {then: push, forecast: gained}"),
        "not-allowed", "crisis.stages.act.actions.grab.forecast", "gained", "only chance draws",
    ),
    "belief of a player": (
        ("fight: {war: end}", "fight: {war: end, believed: 0.5}"),
        "not-allowed", "crisis.stages.reply.actions.fight.believed", "0.5", "only chance draws",
    ),
    "probability of a player": (
        ("fight: {war: end}", "fight: {war: end, probability: 0.5}"),
        "not-allowed", "crisis.stages.reply.actions.fight.probability", "0.5", "only chance draws",
    ),
    "every draw bound": (
        ("held: {then: nerve}", "held: {then: nerve, probability: 0.5}"),
        "probability-sum", "crisis.stages.push.actions", "player", "every draw has a probability",
    ),
    "no draw bound": (
        (", forecast: gained}", "}"),
        "probability-sum", "crisis.stages.push.actions", "player", "2 draws have none",
    ),
    "forecast left empty": (
        ("forecast: gained}", "forecast: }"),
        "probability-sum", "crisis.stages.push.actions", "player", "2 draws have none",
    ),
    "forecast of nothing known": (
        ("forecast: gained}", "forecast: won}"),
        "not-allowed", "crisis.stages.push.actions.gained.forecast", "won", "'gained'",
    ),
    "insecure types without a register": (
        ("probability: 0.4", "forecast: insecure"),
        "not-allowed", "crisis.stages.nature.actions.afraid", "{then",
        "no belief.insecure to draw it from; write belief.insecure",
    ),
    "war before an attack": (
        ("refrain: {}", "refrain: {war: end}"),
        "not-allowed", "crisis.stages.act.actions.refrain", "{war",
        "no attack has been chosen, so `war` means nothing; remove `war`",
    ),
    "war of the grey zone": (
        ("{pays: {promise: 0.1}}", "{war: decision, pays: {promise: 0.1}}"),
        "not-allowed", "crisis.stages.act.actions.grey-zone", "{war",
        "no attack has been chosen, so `war` means nothing; remove `war`",
    ),
    "keeps before an attack": (
        ("refrain: {}", "refrain: {keeps: 0.5}"),
        "not-allowed", "crisis.stages.act.actions.refrain", "{keeps",
        "no attack has been chosen, so `keeps` means nothing; remove `keeps`",
    ),
    "keeps at a draw before an attack": (
        ("hungry: {then: act}", "hungry: {then: act, keeps: 0}"),
        "not-allowed", "crisis.stages.nature.actions.hungry", "{then",
        "no attack has been chosen, so `keeps` means nothing; remove `keeps`",
    ),
    "wins before an attack": (
        ("refrain: {}", "refrain: {wins: {promise: 1}}"),
        "not-allowed", "crisis.stages.act.actions.refrain", "{wins",
        "no attack has been chosen, so `wins` means nothing; remove `wins`",
    ),
    "wins of the grey zone": (
        ("{pays: {promise: 0.1}}", "{wins: {promise: 0.1}}"),
        "not-allowed", "crisis.stages.act.actions.grey-zone", "{wins",
        "no attack has been chosen, so `wins` means nothing; remove `wins`",
    ),
    "wins at a draw before an attack": (
        ("hungry: {then: act}", "hungry: {then: act, wins: {promise: 0}}"),
        "not-allowed", "crisis.stages.nature.actions.hungry", "{then",
        "no attack has been chosen, so `wins` means nothing; remove `wins`",
    ),
    "war abandoned before an attack": (
        ("refrain: {}", "refrain: {war: abandoned}"),
        "not-allowed", "crisis.stages.act.actions.refrain", "{war",
        "no attack has been chosen, so `war` means nothing; remove `war`",
    ),
    "nowhere to refrain": (
        ("refrain: {}", "wait: {}"),
        "missing-key", "crisis.stages", "nature:",
        "nowhere does Red refrain; give it an action named refrain",
    ),
    "refraining of Blue only": (
        ("refrain: {}", "wait: {}", "fight: {war: end}",
         "fight: {war: end}\n        refrain: {war: end}"),
        "missing-key", "crisis.stages", "nature:", "nowhere does Red refrain",
    ),
    "refraining drawn by chance": (
        ("refrain: {}", "wait: {}", "held: {then: nerve}", "refrain: {then: nerve}"),
        "missing-key", "crisis.stages", "nature:", "nowhere does Red refrain",
    ),
    "option nearly named": (
        ("assault: {then: push}", "asault: {then: push}"),
        "unknown-option", "crisis.stages.act.actions.asault", "{then",
        "no option 'asault'; did you mean assault?",
    ),
    "option nearly named, that leads nowhere": (
        ("assault: {then: push}", "assaults: {}"),
        "unknown-option", "crisis.stages.act.actions.assaults", "{}",
        "no option 'assaults'; did you mean assault?",
    ),
    "option nearly named, and nowhere to refrain": (
        ("refrain: {}", "refrein: {}", "assault: {then: push}", "assualt: {then: push}"),
        "unknown-option", "crisis.stages.act.actions.assualt", "{then",
        "no option 'assualt'; did you mean assault?",
    ),
    "end without an act": (
        ("refrain: {}", "refrain: {}\n        wait: {}"),
        "not-allowed", "crisis.stages.act.actions.wait", "{}",
        "Red does nothing that counts; let each way have one of refrain, grey-zone, assault, grab",
    ),
    "end with two acts": (
        (
            "fight: {war: end}", "fight: {then: again}\n    again:\n      player: red\n"
            "      actions:\n        go-on: {war: end}\n        refrain: {war: end}",
        ),
        "not-allowed", "crisis.stages.again.actions.refrain", "{war",
        "on a way that ends here Red does assault and refrain; let each way have one of refrain",
    ),
    "attack drawn by chance": (
        (
            "grab: {then: push}", "grab: {then: push}\n        toss: {then: luck}",
            "    push:\n", "    luck:\n      player: chance\n      actions:\n"
            "        assault: {probability: 0.5}\n        refrain: {}\n    push:\n",
        ),
        "not-allowed", "crisis.stages.luck.actions.assault", "{prob",
        "Red does nothing that counts; let each way have one of refrain, grey-zone, assault, grab",
    ),
    "attack of Blue": (
        (
            "grab: {then: push}", "grab: {then: push}\n        wait: {then: strike}",
            "    push:\n", "    strike:\n      player: blue\n      actions:\n"
            "        assault: {}\n        refrain: {}\n    push:\n",
        ),
        "not-allowed", "crisis.stages.strike.actions.assault", "{}",
        "Red does nothing that counts; let each way have one of refrain, grey-zone, assault, grab",
    ),
    "type drawn twice": (
        (
            "hungry: {then: act}", "hungry: {then: mood}",
            "    act:\n", "    mood:\n      player: chance\n      actions:\n"
            "        afraid: {then: act, probability: 0.1}\n        hungry: {then: act}\n"
            "    act:\n",
        ),
        "not-allowed", "crisis.stages.act.actions.refrain", "{}",
        "red moves, and chance draws 2 types of it; draw one of afraid, hungry before",
    ),
    "war left empty at an end": (
        ("fight: {war: end}", "fight: {war: }"),
        "not-allowed", "crisis.stages.reply.actions.fight", "{war",
        "nothing says until when the war goes on; write `war: decision`, `end` or `abandoned`",
    ),
    "war without an end": (
        ("fight: {war: end}", "fight: {}"),
        "not-allowed", "crisis.stages.reply.actions.fight", "{}",
        "nothing says until when the war goes on; write `war: decision`, `end` or `abandoned`",
    ),
    "no type of Blue": (
        (
            "    firm: {name: Firm, player: blue, weights: {ground: -1}}\n", "",
            "    weak: {name: Weak, player: blue, weights: {ground: -0.5}}\n", "",
        ),
        "not-allowed", "crisis.stages.act.actions.refrain", "{}",
        "no type says what blue cares about; declare one under crisis.types",
    ),
    "type that no chance draws": (
        ("afraid: {then: act, probability: 0.4}", "clouds: {then: act, probability: 0.4}"),
        "not-allowed", "crisis.stages.act.actions.refrain", "{}",
        "red moves, and no chance draws which type it is; draw one of afraid, hungry before",
    ),
    "success worth nothing to Red": (
        ("ground: 1, promise: 0.5}", "ground: {low: -0.5, high: 2}, promise: 0.5}"),
        "out-of-bounds", "crisis.types.hungry", "{name: Hungry",
        "an uncontested full success need not be worth more than the status quo to Red (at worst 0)"
        "; change its weights, or crisis.success",
    ),
    "success worse than nothing to Red": (
        ("ground: 1, threat: -1}", "ground: -0.25..1, threat: 5}"),
        "out-of-bounds", "crisis.types.afraid", "{name: Afraid", "to Red (at worst -0.25);",
    ),
    "success that may be a gain to Blue": (
        ("blue, weights: {ground: -1}", "blue, weights: {ground: -3..0.25}"),
        "out-of-bounds", "crisis.types.firm", "{name: Firm",
        "an uncontested full success need not be a loss to Blue (at worst 0.25); change its",
    ),
    "corner of two ranges": (  # the larger success times the least weight
        ("success: {ground: 1,", "success: {ground: 0.5..3,", "ground: 1, promise: 0.5}",
         "ground: -0.2..1, promise: 0.5}"),
        "out-of-bounds", "crisis.types.hungry", "{name: Hungry", "to Red (at worst -0.1);",
    ),
    "tail of a normal": (  # drawn as far as six standard deviations out
        ("ground: 1, promise: 0.5}", "ground: {mean: 1, sd: 0.3}, promise: 0.5}"),
        "out-of-bounds", "crisis.types.hungry", "{name: Hungry", "to Red (at worst -0.3);",
    ),
}  # fmt: skip

#: What else the same texts bring: two faults, or one that is told of different ends.
BESIDES: dict[str, tuple[Told, ...]] = {
    "probability and forecast": ((
        "not-allowed", "crisis.stages.push.actions.gained", "{then",
        "some draws of a stage are forecast, and some have probabilities",
    ),),
    "every draw bound": ((
        "not-allowed", "crisis.stages.push.actions.held", "{then",
        "some draws of a stage are forecast, and some have probabilities",
    ),),
    "option nearly named, and nowhere to refrain": ((
        "missing-key", "crisis.stages", "nature:", "nowhere does Red refrain",
    ),),
    "end with two acts": ((
        "not-allowed", "crisis.stages.again.actions.refrain", "{war",
        "on a way that ends here Red does grab and refrain",
    ),),
    "attack of Blue": ((
        "not-allowed", "crisis.stages.strike.actions.assault", "{}",
        "blue moves, and no chance draws which type it is; draw one of firm, weak before",
    ),),
}  # fmt: skip

#: Texts that may be replaced without a problem.
SOUND: dict[str, tuple[str, ...]] = {
    "war left empty before an attack": ("refrain: {}", "refrain: {war: }"),
    "keeps left empty before an attack": ("refrain: {}", "refrain: {keeps: }"),
    "chances left empty at the rest": (
        "hungry: {then: act}", "hungry: {then: act, forecast: , believed: , probability: }",
    ),
    "refraining of Blue": ("fight: {war: end}", "fight: {war: end}\n        refrain: {war: end}"),
    "attack of Blue after Red's": (
        "fight: {war: end}", "fight: {war: end}\n        assault: {war: end}",
    ),
    "grey zone drawn by chance": ("gained: {then: nerve, f", "grey-zone: {then: nerve, f"),
    "beliefs that leave nothing": (
        "0.7, believed: 0.5}", "0.2, believed: 0.5}", "weak: {then: reply}",
        "weak: {then: reply, probability: 0.4, believed: 0.5}\n        mist: {then: reply}",
        "    firm: {", "    mist: {name: Mist, player: blue, weights: {ground: -2}}\n    firm: {",
    ),
    "war dated by the attack": (
        "assault: {then: push}", "assault: {then: push, war: decision, keeps: 0.5}",
    ),
    "belief of nothing": ("believed: 0.5", "believed: 0"),
    "war abandoned": ("fight: {war: end}", "fight: {war: abandoned}"),
    "wins of an attack itself": ("grab: {then: push}", "grab: {then: push, wins: {promise: 1}}"),
    "case that wins only": ("pays: {promise: -0.5}", "wins: {promise: -0.5}"),
    "case that does both": (
        "pays: {promise: -0.5}", "pays: {promise: -0.5}\n              wins: {ground: 1}",
    ),
    "act that is like an option in use": (
        "grab: {then: push}", "grab: {then: push}\n        grab-2: {then: kind}",
        "    push:\n", "    kind:\n      player: red\n      actions:\n"
        "        assault: {then: push}\n        grab: {then: push}\n    push:\n",
    ),
    "act of Blue that is like an option": (
        "fight: {war: end}", "asault: {war: end}",
    ),
    "success just worth something at its worst": (
        "success: {ground: 1,", "success: {ground: 0.5..2,",
        "ground: 1, promise: 0.5}", "ground: -0.2..1, promise: 0.5}",
    ),
    "loss to Blue at its worst": ("weights: {ground: -0.5}", "weights: {ground: -5..-0.01}"),
}  # fmt: skip
