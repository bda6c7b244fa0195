"""What people write: comments on a score and tickets, in the language they think in."""

from __future__ import annotations

import numpy as np

from ingestion.sandbox.draws import Draws

GOOD, MIXED, BAD = 0, 1, 2
TOPICS = ("billing", "delivery", "access", "product", "tickets", "other")

# language -> (good, mixed, bad), each a list of openings and a list of details.
_COMMENTS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("Great experience.|Really happy.|Could not be better.|Thank you!", "Quick and friendly help.|The match day was wonderful.|Everything arrived on time.|The team clearly cares."),
        ("It was fine.|Mostly okay.|Good, but not more.", "The website could be simpler.|Had to ask twice.|Prices went up a little.|Parking is a nuisance."),
        ("Very disappointed.|Not again.|This was a waste of time.|I expected better.", "Nobody called me back.|Still waiting for my refund.|Three e-mails and no answer.|The app logs me out every day."),
    ),
    "de": (
        ("Rundum zufrieden.|Sehr schön!|Gerne wieder.", "Schnelle und freundliche Hilfe.|Die Lieferung war früher da als gedacht.|Man merkt, dass sich jemand kümmert."),
        ("Ganz in Ordnung.|Geht so.|Ordentlich, mehr nicht.", "Die Bestellung über die Seite ist umständlich.|Ich musste zweimal nachfragen.|Etwas teuer geworden."),
        ("Sehr enttäuscht.|So nicht.|Das war nichts.", "Keiner ruft zurück.|Ich warte immer noch auf mein Geld.|Drei E-Mails, keine Antwort.|Die Größe stimmte überhaupt nicht."),
    ),
    "fr": (
        ("Très bonne expérience.|Ravie !|Rien à redire.", "Réponse rapide et aimable.|La livraison était en avance.|L'équipe est à l'écoute."),
        ("Correct, sans plus.|Ça va.|Plutôt bien.", "Le site pourrait être plus simple.|J'ai dû relancer deux fois.|C'est devenu un peu cher."),
        ("Très déçu.|Plus jamais.|Inadmissible.", "Personne ne m'a rappelé.|J'attends toujours mon remboursement.|Trois courriels sans réponse."),
    ),
    "es": (
        ("Muy buena experiencia.|Encantada.|¡Gracias!", "Me atendieron rápido y con amabilidad.|El pedido llegó antes de lo previsto.|Se nota que les importa."),
        ("Está bien.|Normal.|Correcto, sin más.", "La página podría ser más sencilla.|Tuve que preguntar dos veces.|Ha subido un poco el precio."),
        ("Muy decepcionado.|No vuelvo.|Una pérdida de tiempo.", "Nadie me devolvió la llamada.|Sigo esperando el reembolso.|Tres correos y ninguna respuesta."),
    ),
    "pl": (
        ("Świetna obsługa.|Bardzo zadowolona.|Dziękuję!", "Szybka i życzliwa pomoc.|Przesyłka przyszła przed czasem.|Widać, że komuś zależy."),
        ("W porządku.|Może być.|Dobrze, ale bez zachwytu.", "Strona mogłaby być prostsza.|Musiałem pytać dwa razy.|Trochę podrożało."),
        ("Jestem rozczarowany.|Nigdy więcej.|Strata czasu.", "Nikt nie oddzwonił.|Wciąż czekam na zwrot pieniędzy.|Trzy maile i cisza."),
    ),
    "bg": (
        ("Много съм доволен.|Чудесно обслужване.|Благодаря!", "Бърза и любезна помощ.|Доставката дойде по-рано.|Личи си, че ви е грижа."),
        ("Става.|Горе-долу.|Добре, но не повече.", "Сайтът може да е по-прост.|Наложи се да питам два пъти.|Цените се качиха малко."),
        ("Много съм разочарован.|Никога повече.|Загуба на време.", "Никой не ми върна обаждането.|Още чакам парите си.|Три писма без отговор."),
    ),
    "it": (
        ("Ottima esperienza.|Molto soddisfatta.|Grazie mille!", "Aiuto rapido e cortese.|La consegna è arrivata in anticipo.|Si vede che ci tengono."),
        ("Nella norma.|Abbastanza bene.|Discreto.", "Il sito potrebbe essere più semplice.|Ho dovuto chiedere due volte.|È un po' più caro di prima."),
        ("Molto deluso.|Mai più.|Tempo perso.", "Nessuno mi ha richiamato.|Aspetto ancora il rimborso.|Tre e-mail senza risposta."),
    ),
    "pt": (
        ("Ótima experiência.|Muito satisfeita.|Obrigado!", "Ajuda rápida e simpática.|A entrega chegou antes do prazo.|Nota-se que se preocupam."),
        ("Razoável.|Mais ou menos.|Está bem, sem mais.", "O site podia ser mais simples.|Tive de perguntar duas vezes.|Ficou um pouco mais caro."),
        ("Muito desiludido.|Nunca mais.|Perda de tempo.", "Ninguém me ligou de volta.|Continuo à espera do reembolso.|Três mensagens e nenhuma resposta."),
    ),
}  # fmt: skip

# language -> one "subject|description" per topic, in the order of TOPICS.
_TICKETS: dict[str, tuple[str, ...]] = {
    "en": ("Charged twice|My card was charged twice for the same order. Please refund one.", "Parcel has not arrived|Tracking has said 'in transit' for a week.", "Cannot log in|The reset link does not work on my phone.", "Sole came off|The shoe fell apart after two runs.", "Seats not together|We booked four seats and got two pairs.", "Question about opening hours|Are you open on public holidays?"),
    "de": ("Doppelt abgebucht|Der Betrag wurde zweimal von meinem Konto abgebucht.", "Paket nicht da|Die Sendung hängt seit einer Woche fest.", "Kein Zugang|Der Link zum Zurücksetzen funktioniert nicht.", "Sohle löst sich|Nach zwei Läufen ist der Schuh kaputt.", "Plätze getrennt|Wir haben vier Plätze gebucht und sitzen nicht zusammen.", "Frage zu Öffnungszeiten|Habt ihr an Feiertagen geöffnet?"),
    "fr": ("Débité deux fois|Ma carte a été débitée deux fois pour la même commande.", "Colis non reçu|Le suivi est bloqué depuis une semaine.", "Connexion impossible|Le lien de réinitialisation ne marche pas.", "Semelle décollée|La chaussure s'est abîmée après deux sorties.", "Places séparées|Nous avions réservé quatre places côte à côte.", "Question sur les horaires|Êtes-vous ouverts les jours fériés ?"),
    "es": ("Cobro duplicado|Me han cobrado dos veces el mismo pedido.", "El paquete no llega|El seguimiento no cambia desde hace una semana.", "No puedo entrar|El enlace para recuperar la contraseña no funciona.", "Se despegó la suela|La zapatilla se rompió a los dos días.", "Asientos separados|Reservamos cuatro asientos juntos.", "Duda sobre horarios|¿Abrís los festivos?"),
    "pl": ("Podwójna płatność|Pobrano opłatę dwa razy za to samo zamówienie.", "Paczka nie dotarła|Status przesyłki nie zmienia się od tygodnia.", "Nie mogę się zalogować|Link do zmiany hasła nie działa.", "Odkleiła się podeszwa|But rozpadł się po dwóch biegach.", "Rozdzielone miejsca|Zarezerwowaliśmy cztery miejsca obok siebie.", "Pytanie o godziny otwarcia|Czy jesteście czynni w święta?"),
    "bg": ("Двойно плащане|Таксуваха ме два пъти за една поръчка.", "Пратката не е дошла|Статусът не се променя от седмица.", "Не мога да вляза|Линкът за нова парола не работи.", "Подметката се отлепи|Обувката се скъса след две тренировки.", "Разделени места|Запазихме четири места едно до друго.", "Въпрос за работно време|Работите ли на празници?"),
    "it": ("Addebito doppio|Mi avete addebitato due volte lo stesso ordine.", "Pacco non arrivato|La spedizione è ferma da una settimana.", "Non riesco ad accedere|Il link per la password non funziona.", "Suola scollata|La scarpa si è rotta dopo due uscite.", "Posti separati|Avevamo prenotato quattro posti vicini.", "Domanda sugli orari|Siete aperti nei giorni festivi?"),
    "pt": ("Cobrança a dobrar|Cobraram duas vezes a mesma encomenda.", "Encomenda não chegou|O estado não muda há uma semana.", "Não consigo entrar|A ligação para nova senha não funciona.", "Sola descolada|O sapato estragou-se em duas corridas.", "Lugares separados|Reservámos quatro lugares juntos.", "Pergunta sobre horários|Abrem nos feriados?"),
}  # fmt: skip


def comments(
    languages: np.ndarray, tone: np.ndarray, draws: Draws, first: str, second: str
) -> np.ndarray:
    """Return a comment per row in the given language and tone (GOOD, MIXED or BAD)."""
    written = []
    for language, mood, a, b in zip(languages, tone, draws[first], draws[second], strict=True):
        openings, details = _SPLIT[language][mood]
        written.append(f"{openings[int(a * len(openings))]} {details[int(b * len(details))]}")
    return np.array(written, dtype=object)


def tickets(languages: np.ndarray, topic: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return subject and description of a ticket per row; ``topic`` is a position in TOPICS."""
    pairs = [_TICKETS[lang][t].split("|") for lang, t in zip(languages, topic, strict=True)]
    subjects, descriptions = zip(*pairs, strict=True) if pairs else ((), ())
    return np.array(subjects, dtype=object), np.array(descriptions, dtype=object)


_SPLIT = {
    language: [(openings.split("|"), details.split("|")) for openings, details in tones]
    for language, tones in _COMMENTS.items()
}
