"""The router tree: every feature of the chat, in the order in which they are asked."""

from functools import cache

from aiogram import Dispatcher

from bot.conversations import TurnStorage
from handlers.chat import (
    absences,
    applications,
    asking,
    boards,
    booths,
    briefs,
    broadcasts,
    card_events,
    care,
    chain_lists,
    chains,
    consents,
    coupon_desk,
    coupons,
    customers,
    desk_codes,
    draw_openings,
    draws,
    entries,
    event_plans,
    followups,
    gift_desk,
    gifts,
    groupbuy_terms,
    groupbuys,
    groups,
    joins,
    letters,
    members,
    newcomers,
    offers,
    openings,
    own_data,
    owners,
    plans,
    points,
    progress,
    prospects,
    publicists,
    publicity,
    questions,
    quizzes,
    rallies,
    rally_games,
    rally_visits,
    redemption_desk,
    redemptions,
    referrals,
    segments,
    staff,
    stamps,
    strays,
    suspicions,
    tasks,
    tastings,
    todos,
    visits,
    workbench,
)
from handlers.chat.aliases import Aliases
from handlers.chat.permissions import Permissions


@cache
def router_tree() -> Dispatcher:
    """The router tree, one for the process, since what differs between apps comes with each update.

    The order matters: invitations before greetings, strays last.
    """
    dispatcher = Dispatcher(storage=TurnStorage())
    dispatcher.message.outer_middleware(Aliases())
    for observer in (dispatcher.message, dispatcher.callback_query):
        observer.middleware(Permissions())
    dispatcher.include_router(asking.doors)
    for module in (
        staff,
        desk_codes,
        gift_desk,
        coupon_desk,
        redemption_desk,
        plans,
        referrals,
        groupbuys,
        joins,
        newcomers,
        rallies,
        stamps,
        booths,
        suspicions,
        rally_visits,
        rally_games,
        quizzes,
        letters,
        members,
        groups,
        followups,
        briefs,
        boards,
        broadcasts,
        owners,
        openings,
        groupbuy_terms,
        chain_lists,
        chains,
        progress,
        applications,
        card_events,
        visits,
        absences,
        todos,
        tasks,
        draws,
        draw_openings,
        consents,
        offers,
        points,
        redemptions,
        gifts,
        coupons,
        tastings,
        publicity,
        event_plans,
        publicists,
        prospects,
        workbench,
        own_data,
        segments,
        customers,
        questions,
        entries,
        care,
        asking,
        strays,
    ):
        dispatcher.include_router(module.router)
    return dispatcher
