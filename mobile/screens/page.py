"""Draws any page of blocks: each kind of block has one way to look, everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from mobile.kit.asked import Question
from mobile.kit.button import ButtonKind
from mobile.kit.calendar import LegendLine, Month
from mobile.kit.card import Card
from mobile.kit.chart import ChartPicture, margins_of
from mobile.kit.choice import ChoiceButton
from mobile.kit.drawings.named import DRAWINGS
from mobile.kit.field import TextField
from mobile.kit.long_rows import LazyRows
from mobile.kit.notice import NoticeBox
from mobile.kit.pad import LightPad, TargetPad
from mobile.kit.page import Layout
from mobile.kit.scale import LONGEST_NUMBER, ScaleGrid
from mobile.kit.stack import Part, spacer
from mobile.kit.steps import StepList
from mobile.presenters import page
from mobile.presenters.actions import PadTouch
from mobile.presenters.page import PadKind, PageView
from mobile.presenters.pieces import Call, Choice, Notice
from mobile.screens import parts
from mobile.screens.context import Context
from mobile.screens.seat import seat_part
from mobile.screens.today import ChipRow


def page_of_blocks(view: PageView, context: Context) -> Layout:
    head = (
        parts.head(context, view.title, view.subtitle)
        if view.help_button is None
        else parts.head_with_help(context, view.title, view.subtitle, view.help_button)
    )
    above = [head, *parts.notice_box(context, "notice", view.notice)]
    layout = Layout(
        body=[*above, *_blocks(view.blocks, context, ""), spacer()],
        foot=[
            *(_pad(block, context) for block in view.blocks if isinstance(block, page.Pad)),
            *(_push(push, context) for push in view.foot),
        ],
        bar=None if view.tab is None else parts.bar(context, view.tab),
        place=(view.name, view.place),
    )
    asks = [block for block in view.blocks if isinstance(block, page.Ask)]
    return _asking(layout, view, asks[0], above, context) if asks else layout


def _asking(
    layout: Layout, view: PageView, ask: page.Ask, above: Sequence[Part], context: Context
) -> Layout:
    """What comes before the question stays with it; what comes after it are its answers."""
    at = view.blocks.index(ask)
    answers = view.blocks[at + 1 :]
    are_answers = any(isinstance(block, page.Choices | page.Scale) for block in answers)
    theme = context.theme
    question = Part(
        "question",
        lambda: Question(theme, ask.text),
        lambda shown: setattr(shown, "text", ask.text),
    )
    help_words = parts.words(context, "help", ask.help, size="small", soft=True)
    note = parts.words(context, "note", ask.note, size="small", soft=True)
    why = [page.Group((page.Heading(ask.why_title), page.Words(ask.why, soft=True)))]
    return replace(
        layout,
        pinned=[*above, *_blocks(view.blocks[:at], context, "above"), question],
        first=[help_words] if ask.help else (),
        aside=[
            *_blocks(ask.about, context, "about"),
            *(_blocks(why, context, "why") if ask.why else ()),
            *([note] if ask.note else ()),
        ],
        body=[*_blocks(answers, context, "", tall=True), *(() if are_answers else (spacer(),))],
    )


def _blocks(
    blocks: Sequence[page.Block], context: Context, within: str, *, tall: bool = False
) -> list[Part]:
    drawn: list[Part] = []
    for number, block in enumerate(blocks):
        if tall and isinstance(block, page.Choices):
            drawn += _choices(block, context, tall=True)
        else:
            drawn += _block(block, context, f"{within}/{number}")
    return drawn


def _block(block: page.Block, context: Context, key: str) -> Sequence[Part]:
    theme = context.theme
    match block:
        case page.Heading(text=text):
            return [parts.words(context, key, text, bold=True, leads_in=True)]
        case page.Words():
            return [_words(block, context, key)]
        case page.Figure(text=text, note=note):
            return [
                parts.words(context, key, text, size="figure", bold=True, leads_in=True),
                parts.words(context, f"{key}/note", note, size="small", soft=True),
            ]
        case page.Rows(rows=rows):
            return parts.row_list(context, rows)
        case page.Choices():
            return _choices(block, context)
        case page.Scale():
            return _scale(block, context, key)
        case page.Pad() | page.Ask():
            return []
        case page.Calendar():
            return _calendar(block, context, key)
        case page.Charts():
            return _charts(block, context, key)
        case page.LongRows(rows=rows):
            return [Part((key, rows), lambda: LazyRows(theme, rows, context.press))]
        case page.Box(notice=notice, action=action):
            return [_box(notice, action, context, key)]
        case page.Labels(chips=chips):
            return [Part((key, chip), partial(ChipRow, theme, chip)) for chip in chips]
        case page.Steps(steps=steps):
            return [Part((key, steps), lambda: StepList(theme, steps))]
        case page.Field():
            return [_field(block, context)]
        case page.Drawing(name=name):
            return [Part((key, name), lambda: DRAWINGS[name](theme))]
        case page.BandSeat():
            return [seat_part(block, theme, key)]
        case page.Count(done=done, count=count):
            return [parts.progress(context, done, count)]
        case page.Push():
            return [_push(block, context)]
        case Call():
            return parts.calls(context, [block])
        case page.Group(blocks=inner):
            within = _blocks(inner, context, key)
            return [
                Part((key, "card"), lambda: Card(theme), lambda card: card.compose(within)),
            ]


def _words(block: page.Words, context: Context, key: str) -> Part:
    size = "question" if block.large else "small" if block.small else "body"
    return parts.words(context, key, block.text, size=size, bold=block.large, soft=block.soft)


def _choices(block: page.Choices, context: Context, *, tall: bool = False) -> list[Part]:
    return [
        Part(
            ("choice", block.group, choice, tall, block.many),
            partial(
                ChoiceButton,
                context.theme,
                choice,
                lambda picked: context.choose(picked, block.group),
                tall=tall,
                many=block.many,
            ),
            partial(_show_chosen, chosen=choice.id in block.chosen),
        )
        for choice in block.choices
    ]


def _pad(block: page.Pad, context: Context) -> Part:
    """A pad stands at the foot, where nothing scrolls: a scroll view would hold a touch back."""

    def tell(run: int, what: PadTouch, ms: int) -> None:
        context.pad(block.name, run, what, ms)

    kind = LightPad if block.kind is PadKind.LIGHT else TargetPad
    return Part(
        ("pad", block.name, block.kind),
        lambda: kind(context.theme, block.name, tell),
        lambda pad: pad.show(block),
    )


def _calendar(block: page.Calendar, context: Context, key: str) -> list[Part]:
    theme = context.theme
    return [
        Part((key, block), lambda: Month(theme, block)),
        *(
            Part((key, mark, word), partial(LegendLine, theme, mark, word))
            for mark, word in block.legend
        ),
        parts.words(context, f"{key}/words", block.words, size="small", soft=True),
    ]


def _charts(block: page.Charts, context: Context, key: str) -> list[Part]:
    theme, drawn = context.theme, []
    margins = margins_of(theme, block.charts)
    for number, chart in enumerate(block.charts):
        drawn += [
            parts.words(
                context,
                f"{key}/{number}/title",
                chart.title,
                size="small",
                bold=True,
                leads_in=True,
            ),
            Part(
                (key, chart, block.axis),
                partial(ChartPicture, theme, chart, block.axis, margins),
            ),
            *(
                [parts.words(context, f"{key}/{number}/key", chart.key, size="small", soft=True)]
                if chart.key
                else []
            ),
            parts.words(context, f"{key}/{number}/words", chart.words, size="small", soft=True),
        ]
    return drawn


def _scale(block: page.Scale, context: Context, key: str) -> list[Part]:
    def build() -> ScaleGrid:
        return ScaleGrid(
            context.theme, block.choices, lambda picked: context.choose(picked, block.group)
        )

    grid = Part(
        ("scale", block.group, block.choices), build, lambda shown: shown.show(block.chosen)
    )
    ends = [
        parts.words(context, f"{key}/{end}", f"{choice.text}: {text}", size="small", soft=True)
        for end, choice, text in (
            ("low", block.choices[0], block.low),
            ("high", _highest(block), block.high),
        )
        if text
    ]
    return [*ends, grid]


def _highest(block: page.Scale) -> Choice:
    return [choice for choice in block.choices if len(choice.text) <= LONGEST_NUMBER][-1]


def _show_chosen(shown: ChoiceButton, *, chosen: bool) -> None:
    shown.chosen = chosen


def _box(notice: Notice, action: str | None, context: Context, key: str) -> Part:
    act = None if action is None else partial(context.press, action)
    return Part(
        (key, notice, context.theme.calm),
        lambda: NoticeBox(context.theme, notice, drive_id=action or "", act=act),
    )


def _field(block: page.Field, context: Context) -> Part:
    def build() -> TextField:
        field = TextField(
            context.theme,
            block.label,
            drive_id=block.name,
            keep=lambda text: context.type(block.name, text),
            lines=block.lines,
        )
        field.entry.begin(block.text, limit=block.limit, secret=block.secret, digits=block.digits)
        return field

    return Part(("field", block.name, block.label), build)


def _push(push: page.Push, context: Context) -> Part:
    kind = ButtonKind.PRIMARY if push.strong else ButtonKind.SOFT
    if push.danger:
        kind = ButtonKind.NEUTRAL
    words = push.why_not or push.text
    return parts.button(context, words, push.action, kind=kind, enabled=push.enabled)
